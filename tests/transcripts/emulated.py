"""The emulated stages: the same bot behind its real adapters, at an emulator of Telegram or Bale over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import and_, bindparam, func, or_, select

from bot.channels.bot_api import BotApiChannel
from bot.channels.port import Unreadable
from bot.dialogue.heard import Address, Heard
from bot.receiving.hearing import Hearing
from bot.running.tasks import Tasks
from bot.sending.delivery import Deliverer
from bot.sending.pacing import Pacer
from desk.conversations.models import Conversation
from desk.outbox.actions import TOPIC
from desk.outbox.models import OutboxMessage
from desk.outbox.quiet import is_quiet
from desk.outbox.rules import DeliveryState, Lane
from desk.reading.folding import strip_bidi
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from emulator import EmulatedPerson, Emulator
from emulator.screens import ShownMessage
from tests.channels.talking import channel_for
from tests.makers_chats import mark_of
from tests.transcripts.script import Seen, passing
from tests.transcripts.stage import Bot

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE = 60.0
"""Seconds until an act counts as unanswered; far more than a loaded machine takes."""


A_MOMENT = 0.02
"""Seconds without a call after which nothing more is under way."""

WAITING = select(func.count()).where(
    OutboxMessage.conversation_id.in_(select(Conversation.id).where(Conversation.chat_mark == bindparam("mark"))),
    or_(
        OutboxMessage.state == DeliveryState.CLAIMED,
        and_(
            OutboxMessage.state == DeliveryState.OPEN,
            OutboxMessage.due_at <= bindparam("now"),
            OutboxMessage.lane.in_(bindparam("lanes", expanding=True)),
        ),
    ),
)
"""How many messages to a chat are due or under way."""


class NotingStorage(Storage):
    """The same database, where it is noted that something was written: only then it is worth another look."""

    def __init__(self, storage: Storage) -> None:
        vars(self).update(vars(storage))
        self.written = asyncio.Event()

    async def write(self, action: Callable[Concatenate[WriteSession, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Write as ever."""
        try:
            return await super().write(action, *args, **kwargs)
        finally:
            self.written.set()


@dataclass
class EmulatedStage:
    """One person's chat at a messenger. `kind` is telegram or bale."""

    bot: Bot
    kind: str
    emulator: Emulator
    person: EmulatedPerson
    tasks: Tasks
    channel: BotApiChannel = field(init=False)
    last_said: int = 0
    seen_touches: int = 0
    nothing_due: tuple[datetime, int] | None = None
    """The moment of the clock, and what the desk had done by then; None once the bot put something into the outbox."""
    seen_alerts: int = 0
    shown: dict[tuple[int, str], str] = field(default_factory=dict)
    """The data of buttons by message and label, also of those taken away, which a phone may show for a while."""
    polling: asyncio.Task[None] | None = None

    @property
    def address(self) -> Address:
        return Address(self.channel.name, self.channel.bot, str(self.person.id))

    def __post_init__(self) -> None:
        self.bot.storage.subscribe(TOPIC, self._look_again)

    def _look_again(self) -> None:
        self.nothing_due = None

    async def start(self) -> None:
        self.channel = channel_for(self.kind, self.emulator.url, self.bot.language, clock=self.bot.clock)
        await self.channel.start()
        hearing = Hearing(
            storage=self.bot.storage, exchanges=self.bot.exchanges(), clock=self.bot.clock, lanes=self.channel.lanes
        )

        async def hears(heard: Heard | Unreadable) -> None:
            await hearing.hear(self.channel, heard)

        self.polling = self.tasks.start(self.channel.poll(hears), name="poll")

    async def stop(self) -> None:
        if self.polling is not None:
            self.polling.cancel()
            await asyncio.gather(self.polling, return_exceptions=True)
        await self.channel.stop()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def say(self, text: str) -> list[Seen]:
        self.last_said = await self.person.say(text)
        return await self._news()

    async def reply(self, text: str, *, to: str) -> list[Seen]:
        having = [shown for shown in self.person.screen.messages if not shown.mine and to in strip_bidi(shown.text)]
        self.last_said = await self.person.say(text, reply_to=having[-1].message_id)
        return await self._news()

    async def press(self, label: str, *, oldest: bool = False, times: int = 1) -> list[Seen]:
        standing = [shown for shown in self.person.screen.messages if not shown.mine and not shown.deleted]
        standing.sort(key=lambda shown: shown.touched)
        having = [shown for shown in standing if label in shown.buttons]
        keyboard = [button.label for row in self.person.screen.keyboard_rows for button in row]
        if label in keyboard and not standing[-1].rows and not oldest:
            for _ in range(times):
                self.person.chat.keyboard_pressed()
                await self.person.say(label)
        else:
            await self._press(label, [shown.message_id for shown in having], oldest=oldest, times=times)
        return await self._news()

    async def _press(self, label: str, having: list[int], *, oldest: bool, times: int) -> None:
        """Press the oldest or the newest button of this label, also one that was taken away meanwhile."""
        ever = [message_id for message_id, shown in self.shown if shown == label]
        if ever and (oldest or not having):
            message_id = ever[0 if oldest else -1]
            await self.person.press(data=self.shown[message_id, label], message_id=message_id, times=times)
        else:
            await self.person.press(label, message_id=having[-1] if having else None, times=times)

    async def share_location(self, latitude: float, longitude: float) -> list[Seen]:
        await self.person.send_location(latitude, longitude)
        return await self._news()

    async def send(self, kind: str) -> list[Seen]:
        match kind:
            case "photo":
                await self.person.send_photo()
            case "album":
                await self.person.send_album(10)
            case "pin":
                await self.person.note("pinned_message", {"message_id": 1})
                return await self._news(expect=0)
            case "voice":
                await self.person.send_voice()
            case "contact":
                await self.person.share_contact()
            case _:
                await self.person.send_sticker()
        return await self._news()

    async def edit(self, text: str) -> list[Seen]:
        await self.person.edit(self.last_said, text)
        return await self._news()

    async def post(self) -> list[Seen]:
        """Let the real outbox worker deliver what is due, and wait until nothing is."""
        if not await self._is_due():
            return []
        storage = NotingStorage(self.bot.storage)
        composer = self.bot.composer()
        delivery = Deliverer(
            storage=storage,
            channel=self.channel,
            compose=composer,
            settles=composer.settle,
            clock=self.bot.clock,
            pacer=Pacer(per_second=None),
        )
        working = self.tasks.start(delivery.run(), name="outbox")
        try:
            async with asyncio.timeout(PATIENCE):
                while await self._is_due():
                    await storage.written.wait()
                    storage.written.clear()
        finally:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
        return await self._news(expect=0)

    async def _is_due(self) -> bool:
        """Whether something due has not yet come to its end; what is under way counts."""
        now = self.bot.clock.now()
        if self.nothing_due == (now, self.bot.told):
            return False
        self.nothing_due = now, self.bot.told
        waiting = {
            "mark": mark_of(self.address),
            "now": now,
            "lanes": [Lane.REPLY] if is_quiet(now) else list(Lane),
        }
        is_due = bool(await self.bot.storage.read(lambda session: session.scalar(WAITING, waiting)))
        if is_due:
            self.nothing_due = None
        return is_due

    async def late(self) -> list[Seen]:
        """What comes although the bot had confirmed that it was done."""
        return await self._news(expect=0, quiet=A_MOMENT)

    async def _news(self, *, expect: int | None = None, quiet: float = 0) -> list[Seen]:
        # An update is confirmed after all its answers were sent, and a message marked as sent: nothing follows them.
        screen = await self.person.settled(PATIENCE, expect=expect, quiet=quiet)
        fresh = [shown for shown in screen.messages if shown.touched > self.seen_touches and not shown.mine]
        fresh.sort(key=lambda shown: shown.touched)
        self.seen_touches = max([self.seen_touches, *(shown.touched for shown in screen.messages)])
        # A phone may show the buttons of a ticket, which alone has a picture, for a while after it is edited.
        anew = {shown.message_id for shown in fresh if shown.kind != "photo"}
        self.shown = {at: data for at, data in self.shown.items() if at[0] not in anew} | {
            (shown.message_id, strip_bidi(button.label)): button.data
            for shown in fresh
            for row in shown.rows
            for button in row
            if button.data
        }
        labels = tuple(tuple(button.label for button in row) for row in screen.keyboard_rows)
        alerts, self.seen_alerts = screen.alerts[self.seen_alerts :], len(screen.alerts)
        return [*_merged(fresh, keyboard=labels), *(passing(strip_bidi(words)) for words in alerts)]


@asynccontextmanager
async def emulated(bot: Bot, *, kind: str, emulator: Emulator) -> AsyncIterator[EmulatedStage]:
    """A running stage; no call of the bot may have offended the messenger by the end."""
    person = emulator.person(kind, first_name="نوید")
    async with Tasks() as tasks:
        stage = EmulatedStage(bot, kind, emulator, person, tasks)
        try:
            await stage.start()
            yield stage
        finally:  # what is left open would fail the next test
            await stage.stop()
    # A second tap on one button edits the screen into what it is already, and the messenger says so: no offence.
    offences = [each for each in emulator.violations if "not modified" not in each.why]
    assert not offences, offences


def _merged(fresh: list[ShownMessage], *, keyboard: tuple[tuple[str, ...], ...]) -> list[Seen]:
    """Messages as the bare stage shows them: a point on the map and the words after it are one."""
    seen: list[Seen] = []
    is_after_point = False
    for shown in fresh:
        rows = tuple(tuple(button.label for button in row if not button.copy) for row in shown.rows)
        rows = tuple(row for row in rows if row)
        is_point = shown.kind == "location"
        text = strip_bidi(shown.text)
        if shown.kind == "venue":
            text = "\n".join((shown.media["venue"]["title"], shown.media["venue"]["address"]))
        if is_after_point:
            seen[-1] = Seen(text, rows, has_map=True)
        else:
            is_map, is_file = shown.kind in ("venue", "location"), shown.kind == "document"
            seen.append(Seen(text, rows, shown.kind == "photo", is_map, is_file))
        is_after_point = is_point
    if keyboard and seen and not seen[-1].rows:
        seen[-1] = Seen(seen[-1].text, keyboard, seen[-1].has_picture, seen[-1].has_map)
    return seen
