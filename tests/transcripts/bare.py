"""The bare stage: the engine without a messenger, which sees exactly what the flows return."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.dialogue.heard import Address, Heard, HeardKind, SharedContact, Voice
from bot.dialogue.says import Answer, Says
from bot.dialogue.slashes import start_of
from bot.receiving.exchange import Exchanges
from bot.sending.delivery import Composed
from desk.calendar import local_day_of
from desk.language.text import Locale, Param
from desk.other_chats.actions import was_told
from desk.other_chats.rules import OtherChatNotice
from desk.outbox import actions as outbox
from desk.outbox.rows import Claimed
from desk.reading.folding import strip_bidi
from desk.storage.base import WriteSession
from desk.values import GeoPoint
from tests.transcripts.script import Seen, passing
from tests.transcripts.stage import Bot


@dataclass
class Message:
    """A message of the bot that stands in the chat; `buttons` by label, "" = a reply button that sends its words."""

    seen: Seen
    buttons: dict[str, str]
    is_screen: bool


@dataclass
class BareStage:
    bot: Bot
    address: Address = field(default=Address("bare", "mizban", "7001"))
    exchanges: Exchanges = field(init=False)
    messages: dict[str, Message] = field(default_factory=dict)
    said: list[Says] = field(default_factory=list)
    updates: int = 0
    sent: int = 0
    deleted: list[str] = field(default_factory=list)
    """Ids of the person's messages that the bot took away."""

    def __post_init__(self) -> None:
        self.exchanges = self.bot.exchanges()

    async def say(self, text: str) -> list[Seen]:
        return await self._hear(HeardKind.TEXT, text=text, start=start_of(text))

    async def reply(self, text: str, *, to: str) -> list[Seen]:
        having = [key for key, message in self.messages.items() if to in message.seen.text]
        return await self._hear(HeardKind.TEXT, text=text, replies_to=having[-1])

    async def press(self, label: str, *, oldest: bool = False, times: int = 1) -> list[Seen]:
        message_id, data = self._find(label, oldest=oldest)
        seen: list[Seen] = []
        for _ in range(times):
            if data:
                seen += await self._hear(
                    HeardKind.CHOICE, choice=data, message_id=message_id, query_id=f"q{self.updates}"
                )
            else:
                seen += await self._hear(HeardKind.TEXT, text=label)
        return seen

    async def presses(self, data: str) -> list[Seen]:
        """Press a button with this data, which need not stand anywhere."""
        return await self._hear(HeardKind.CHOICE, choice=data, query_id=f"q{self.updates}")

    async def share_location(self, latitude: float, longitude: float) -> list[Seen]:
        return await self._hear(HeardKind.LOCATION, point=GeoPoint(latitude, longitude))

    async def send(self, kind: str) -> list[Seen]:
        match kind:
            case "photo":
                return await self._hear(HeardKind.PICTURE)
            case "album":
                return [each for _ in range(10) for each in await self._hear(HeardKind.PICTURE)]
            case "pin":
                return await self._hear(HeardKind.SERVICE)
            case "voice":
                return await self._hear(HeardKind.VOICE, voice=Voice("voice-1", 3))
            case "contact":
                return await self._hear(HeardKind.CONTACT, contact=SharedContact("+989121234567", is_own=True))
            case _:
                return await self._hear(HeardKind.OTHER)

    async def edit(self, text: str) -> list[Seen]:
        return await self._hear(HeardKind.EDITED, text=text)

    async def post(self) -> list[Seen]:
        """What the outbox worker would send now."""
        seen: list[Seen] = []
        while (claimed := await self.bot.storage.write(self._claim)) is not None:
            for message, composed in claimed:
                key = ""
                for says in composed.says:
                    key, shown = self._stand(says, composed.locale)
                    seen.append(shown)
                await self.bot.storage.write(self._settle, message, composed.says, key)
        return seen

    async def restart(self) -> None:
        self.exchanges = self.bot.exchanges()

    def _claim(self, session: WriteSession) -> list[tuple[Claimed, Composed]] | None:
        """What of the next batch is still true; None = nothing is due."""
        now = self.bot.clock.now()
        claimed: list[Claimed] = outbox.claim(
            session, channel=self.address.channel, bot=self.address.bot, limit=30, now=now
        )
        if not claimed:
            return None
        composer = self.bot.composer()
        composed: list[tuple[Claimed, Composed]] = []
        for message in claimed:
            told = composer(session, message)  # type: ignore[arg-type]  # a writing session reads as well
            if told is not None:
                composed.append((message, told))
                if message.notice == OtherChatNotice.MADE:
                    was_told(session, claimed_for=message.conversation_id, now=now)
            else:
                outbox.drop_one(session, id=message.id)
        return composed

    def _settle(self, session: WriteSession, message: Claimed, said: tuple[Says, ...], message_id: str) -> None:
        """What the worker writes down once a message has arrived."""
        outbox.mark_sent(session, id=message.id, message_id=message_id, now=self.bot.clock.now())
        for says in said:
            self.bot.composer().settle(session, message.conversation_id, says)

    async def _hear(self, kind: HeardKind, **given: object) -> list[Seen]:
        self.updates += 1
        given.setdefault("message_id", f"p{self.updates}")
        heard = Heard(self.address, str(self.updates), kind, **given)  # type: ignore[arg-type]  # fields by name
        answer = await self.exchanges.hear(heard)
        return self._take(answer) if answer is not None else []

    def _take(self, answer: Answer) -> list[Seen]:
        self.deleted += answer.deletes
        edits = answer.edits
        seen: list[Seen] = []
        for says in answer.says:
            target = self.messages.get(edits) if edits and not says.stays else None
            if target is not None and target.is_screen and not says.picture and not says.pin and not says.asks_location:
                del self.messages[str(edits)]
            if not says.stays:
                edits = None
            seen.append(self._show(says, answer.locale))
        if answer.toast is not None:
            seen.append(passing(self._plain(answer.toast, answer.locale)))
        return seen

    def _show(self, says: Says, locale: Locale) -> Seen:
        return self._stand(says, locale)[1]

    def _stand(self, says: Says, locale: Locale) -> tuple[str, Seen]:
        """The number under which it stands in the chat, and what the person sees."""
        rows: list[tuple[str, ...]] = []
        buttons: dict[str, str] = {}
        if says.asks_location is not None:
            rows.append((self._plain(says.asks_location, locale),))
        for row in says.rows:
            shown = [button for button in row if button.data]
            rows.append(tuple(self._plain(button.label, locale) for button in shown))
            for button in shown:
                assert len(button.data.encode()) <= 64, button.data
                buttons[self._plain(button.label, locale)] = "" if says.asks_location is not None else button.data
        self.said.append(says)
        text = self._plain(says.text, locale)
        if says.pin is not None:
            words = [self._plain(says.pin.title, locale), self._plain(says.pin.address, locale)]
            text = "\n".join(part for part in (*words, text) if part)
        has_picture = says.picture is not None
        if says.alters is not None:
            before = self.messages[says.alters.message_id]
            has_picture = before.seen.has_picture
            if has_picture:  # a phone may show the buttons of the ticket for a while
                buttons = before.buttons | buttons
        seen = Seen(text, tuple(row for row in rows if row), has_picture, says.pin is not None, says.event is not None)
        self.sent += says.alters is None
        key = f"b{self.sent}" if says.alters is None else says.alters.message_id
        self.messages[key] = Message(seen, buttons, not says.stays)
        return key, seen

    def _plain(self, param: Param, locale: Locale) -> str:
        today = local_day_of(self.bot.clock.now())
        return strip_bidi(self.bot.language.plain(param, locale, today=today))

    def _find(self, label: str, *, oldest: bool) -> tuple[str, str]:
        having = [(key, message.buttons[label]) for key, message in self.messages.items() if label in message.buttons]
        if not having:
            newest = list(self.messages.values())[-1] if self.messages else None
            raise AssertionError(f"no button «{label}» in the chat; the last message has {newest and newest.buttons}")
        return having[0] if oldest else having[-1]
