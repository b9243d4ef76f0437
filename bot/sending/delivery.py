"""The outbox worker of one bot: claims due messages, sends them at the allowed pace, and records the outcomes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import structlog

from bot.channels.port import Channel, SendingFailed
from bot.dialogue.says import Says
from bot.running.tasks import Tasks
from bot.sending.pacing import Pacer
from desk.clock import Clock, steady
from desk.conversations.actions import note_unreachable
from desk.language.text import Locale
from desk.other_chats.actions import was_told
from desk.other_chats.falling_back import fall_back, go_home
from desk.other_chats.rules import OtherChatNotice
from desk.outbox import actions as outbox
from desk.outbox import queries
from desk.outbox.rows import Claimed, SentTo
from desk.outbox.rules import Lane, wait_before
from desk.storage.base import ReadSession, WriteSession
from desk.storage.engine import Storage
from desk.storage.outages import is_outage

log = structlog.get_logger(__name__)

AT_ONCE: Final = 10
"""Messages being sent at the same time: enough for 30 a second with round trips of 300 ms."""
BATCH: Final = 30
LOOK: Final = 1.0
"""Seconds until the next look for due messages where no signal arrives."""
GATHER: Final = 0.02
"""Seconds in which outcomes are collected for one transaction."""
LAST_SENDS: Final = 5.0
"""Seconds that messages being sent may take to finish while stopping."""
LEASE_MARGIN: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = 30.0
SOON: Final = timedelta(seconds=5)
"""The wait before the next try of a message that could not be composed because the database did not answer."""
UNTIL_THEY_WRITE: Final = timedelta(hours=1)
"""The wait before the next try of a message that the messenger accepts only after the person writes; when they do,
it is tried at once."""
GIVE_UP: Final = timedelta(hours=24)
"""The age at which a reply that could not be sent is given up, so that staff see it and later messages go on.

Reminders need no such limit: they are dropped when their time is over.
"""


@dataclass(frozen=True, slots=True)
class Composed:
    """A composed message, and the language of its reader."""

    says: tuple[Says, ...]
    locale: Locale


Compose = Callable[[ReadSession, Claimed], Composed | None]
"""Composes a claimed message from the present data; None = no longer true, not to be sent."""

Settle = Callable[[WriteSession, int, Says], None]
"""Stores what a chat remembers of a message that has arrived: the id of the chat, and the message."""


class _Sent(NamedTuple):
    message: Claimed
    message_id: str | None


class _Refused(NamedTuple):
    message: Claimed
    reason: str
    is_refused: bool = False
    """Whether the messenger did not take it, which the messenger of the other chat may do."""
    is_blocked: bool = False


class _Later(NamedTuple):
    message: Claimed
    reason: str
    wait: timedelta


@dataclass(slots=True)
class Outcomes:
    """The outcomes since the last transaction."""

    sent: list[_Sent] = field(default_factory=list)
    later: list[_Later] = field(default_factory=list)
    dead: list[_Refused] = field(default_factory=list)
    untrue: list[Claimed] = field(default_factory=list)
    settled: list[tuple[int, Says]] = field(default_factory=list)
    """Messages that have arrived and of which their chat remembers something."""

    def __bool__(self) -> bool:
        return bool(self.sent or self.later or self.dead or self.untrue)

    def __add__(self, other: Outcomes) -> Outcomes:
        return Outcomes(
            self.sent + other.sent,
            self.later + other.later,
            self.dead + other.dead,
            self.untrue + other.untrue,
            self.settled + other.settled,
        )


class Deliverer:
    """Delivers for one bot, at least once: after a crash between sending and recording, messages in progress are
    sent again."""

    def __init__(
        self,
        *,
        storage: Storage,
        channel: Channel,
        compose: Compose,
        clock: Clock,
        pacer: Pacer,
        settles: Settle | None = None,
        at_once: int = AT_ONCE,
    ) -> None:
        """`pacer` is the one of the channel.

        `settles` stores what a chat remembers of a message that has arrived.
        """
        self._storage = storage
        self._channel = channel
        self._compose = compose
        self._clock = clock
        self._pacer = pacer
        self._settles = settles
        self._slots = asyncio.Semaphore(at_once)
        self._at_once = at_once
        self._wake = asyncio.Event()
        self._done = asyncio.Event()
        self._outcomes = Outcomes()
        self._under_way = 0
        self._idle = asyncio.Event()
        """Set where a send ended and none is left."""
        storage.subscribe(outbox.TOPIC, self._wake.set)

    async def run(self) -> None:
        """Deliver until cancelled; messages in progress then keep their lease and are sent again after it."""
        self._under_way = 0  # an earlier run may have left sends that never began
        if self._outcomes:
            self._done.set()
        async with Tasks() as tasks:
            writer = tasks.start(self._write_down(), name=f"outbox outcomes {self._channel.name}")
            pause = LOOK
            try:
                while True:
                    try:
                        await self._once(tasks)
                        pause = LOOK
                    except Exception as error:
                        if not is_outage(error):
                            raise
                        log.warning("the outbox cannot be read", channel=self._channel.name, error=type(error).__name__)
                        await asyncio.sleep(pause)
                        pause = min(pause * 2, LONGEST_PAUSE)
            finally:
                await self._finish(writer)

    async def _once(self, tasks: Tasks) -> None:
        self._wake.clear()
        if self._under_way >= self._at_once:
            await self._wake.wait()
        elif self._pacer.spare() <= 0:
            await asyncio.sleep(max(GATHER, min(self._pacer.pause_left, LOOK)))
        elif not await self._deliver_due(tasks, now := self._clock.now()):
            await self._rest(now)

    async def _finish(self, writer: asyncio.Task[None]) -> None:
        """Let sends in progress finish and record them, so that they are not sent again after the next start."""
        try:
            async with asyncio.timeout(LAST_SENDS):
                while self._under_way:
                    self._idle.clear()
                    await self._idle.wait()
                writer.cancel()  # its outcomes are put back
                await asyncio.wait([writer])
                if self._outcomes:
                    await self._write_outcomes()
        except Exception as error:
            log.warning("some messages may be sent again after the next start", error=type(error).__name__)

    async def _deliver_due(self, tasks: Tasks, now: datetime) -> bool:
        """Claim due messages and start sending them; False = none were due."""
        begun = steady()
        claimed = await self._storage.write(
            outbox.claim,
            channel=self._channel.name,
            bot=self._channel.bot,
            limit=min(BATCH - self._under_way, self._pacer.spare()),
            now=now,
        )
        if not claimed:
            return False
        self._pacer.lend(len(claimed))
        composed = await self._composed(claimed)
        for message in claimed:
            if message.id in composed:
                self._under_way += 1
                lease = begun + (message.lease_until - LEASE_MARGIN - now).total_seconds()
                tasks.start(self._send(message, composed[message.id], until=lease), name=f"outbox {self._channel.name}")
        return True

    async def _composed(self, claimed: list[Claimed]) -> dict[int, Composed]:
        """Compose the batch in one read; where one message fails, each is composed by itself and only that one is
        given up."""
        found: dict[int, Composed | None] = {}
        try:
            found = await self._storage.read(self._compose_all, claimed)
        except Exception:
            for message in claimed:
                try:
                    found |= await self._storage.read(self._compose_all, [message])
                except Exception as error:
                    self._not_composed(message, error)
        composed: dict[int, Composed] = {}
        for message in claimed:
            if message.id not in found:
                continue
            words = found[message.id]
            if words is None:
                self._outcomes.untrue.append(message)
                self._done.set()
            else:
                composed[message.id] = words
        return composed

    def _not_composed(self, message: Claimed, error: Exception) -> None:
        if is_outage(error):
            # The message itself is fine: it is tried again.
            self._outcomes.later.append(_Later(message, "the database did not answer", SOON))
        else:
            log.error("a notice could not be put into words", notice=message.notice, exc_info=error)
            self._outcomes.dead.append(_Refused(message, f"not put into words: {type(error).__name__}"))
        self._done.set()

    def _compose_all(self, session: ReadSession, messages: list[Claimed]) -> dict[int, Composed | None]:
        return {message.id: self._compose(session, message) for message in messages}

    async def _send(self, message: Claimed, composed: Composed, *, until: float) -> None:
        """Send it before `until`, in seconds of the monotonic clock, which setting the system clock does not change."""
        message_id: str | None = None
        try:
            async with self._slots, asyncio.timeout(max(0.0, until - steady())):
                for says in composed.says:
                    message_id = await self._channel.send(message.chat, says, locale=composed.locale)
            self._outcomes.sent.append(_Sent(message, message_id))
            told = (says for says in composed.says if says.kept or says.about or says.asks)
            self._outcomes.settled += [(message.conversation_id, says) for says in told]
        except TimeoutError:
            # After the lease another worker may send it, so this one stops before.
            self._outcomes.later.append(_Later(message, "no answer in time", timedelta(0)))
        except SendingFailed as failed:
            self._failed(message, failed)
        except Exception as error:
            log.error("a notice could not be rendered", notice=message.notice, exc_info=error)
            self._outcomes.dead.append(_Refused(message, f"not rendered: {type(error).__name__}"))
        finally:
            self._under_way -= 1
            self._done.set()
            if not self._under_way:
                self._idle.set()
            # Else there is nothing more to claim until the outcome is written.
            if self._under_way == self._at_once - 1:
                self._wake.set()

    def _failed(self, message: Claimed, failed: SendingFailed) -> None:
        if failed.not_now:
            wait = UNTIL_THEY_WRITE
        elif failed.retry_after is not None:
            wait = timedelta(seconds=failed.retry_after)
        elif failed.is_final:
            reason = "blocked" if failed.blocked else failed.reason
            self._outcomes.dead.append(_Refused(message, reason, True, failed.blocked))
            return
        elif message.lane is Lane.REPLY and self._clock.now() - message.created_at > GIVE_UP:
            self._outcomes.dead.append(_Refused(message, failed.reason, True))
            return
        else:
            wait = wait_before(message.tries, jitter=random.random())  # noqa: S311  # spreads tries, no secret
        self._outcomes.later.append(_Later(message, failed.reason, wait))

    async def _write_down(self) -> None:
        """Write outcomes in batches; when the database does not take them they are kept and tried again."""
        while True:
            await self._done.wait()
            await asyncio.sleep(GATHER)
            self._done.clear()
            pause = LOOK
            while self._outcomes:
                try:
                    await self._write_outcomes()
                except Exception as error:
                    log.error("outcomes of the outbox could not be written", error=type(error).__name__)
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, LONGEST_PAUSE)
            self._wake.set()

    async def _write_outcomes(self) -> None:
        outcomes, self._outcomes = self._outcomes, Outcomes()
        try:
            await self._storage.write(self._mark, outcomes)
        except BaseException:
            # Failed or cancelled: the outcomes are kept, and recording one twice changes nothing.
            self._outcomes = outcomes + self._outcomes
            raise

    def _mark(self, session: WriteSession, outcomes: Outcomes) -> None:
        now = self._clock.now()
        outbox.mark_sent_many(
            session,
            sent=[SentTo(message.id, as_id, message.conversation_id) for message, as_id in outcomes.sent],
            now=now,
        )
        for message, _ in outcomes.sent:
            if message.notice == OtherChatNotice.MADE:
                was_told(session, claimed_for=message.conversation_id, now=now)
        for chat, says in outcomes.settled:
            if self._settles is not None:
                self._settles(session, chat, says)
        for later in outcomes.later:
            mine = {"id": later.message.id, "claimed_for": later.message.conversation_id}
            outbox.put_back(session, reason=later.reason, due_at=now + later.wait, now=now, **mine)
        for dead in outcomes.dead:
            chat = dead.message.conversation_id
            if dead.is_blocked:
                note_unreachable(session, channel=dead.message.channel, bot=dead.message.bot, chat=dead.message.chat)
            mine = {"message_id": dead.message.id, "claimed_for": chat}
            if dead.is_refused and fall_back(session, **mine, now=now):
                continue
            if dead.is_blocked and go_home(session, **mine, now=now):
                continue
            outbox.mark_dead(session, id=dead.message.id, claimed_for=chat, reason=dead.reason)
        for untrue in outcomes.untrue:
            outbox.drop_one(session, id=untrue.id, claimed_for=untrue.conversation_id)

    async def _rest(self, looked: datetime) -> None:
        """Sleep until a message is enqueued, a send ends, the next one due after `looked` is due, or a second is
        over."""
        channel, bot = self._channel.name, self._channel.bot
        due = await self._storage.read(queries.next_due, channel=channel, bot=bot, after=looked)
        wait = LOOK if due is None else min(LOOK, max(0.01, (due - self._clock.now()).total_seconds()))
        with suppress(TimeoutError):
            # Not wait_for: before Python 3.12 it loses a cancellation that comes together with the event.
            async with asyncio.timeout(wait):
                await self._wake.wait()
