"""The rate limits of one bot: messages per second in all and per chat, and pauses."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable

from desk.clock import steady

FORGET_ABOVE = 4096
"""The number of chats that are remembered before silent ones are dropped."""
SEVERAL = 3
"""Refused so many different chats within `TOGETHER` seconds, the whole bot waits: no single chat wrote too much."""
TOGETHER = 30.0
EDIT_SHARE = 0.3
"""What an edit takes of a chat's limit, where a new message takes 1."""
MARGIN = 0.02
"""Seconds added to the second, because messages may arrive closer together than they were sent."""


class PausedTooLong(Exception):
    """The messenger asked for a pause of `seconds` more, longer than the caller is willing to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class _Pace:
    """What limits the messages of one chat."""

    __slots__ = ("gate", "paid_until", "paused_until")

    def __init__(self) -> None:
        self.gate = asyncio.Lock()
        self.paused_until = 0.0
        """The moment until which the messenger takes nothing for this chat."""
        self.paid_until = 0.0
        """The moment until which the sent messages use up the limit; a burst may run ahead of it."""


class Pacer:
    """The limits of one bot: 30 messages a second in all, 1 a second in a chat with short bursts; kept per process.

    Senders are served in order, each at the moment it really sends: one that was delayed moves those behind it, so that
    no second holds more than the limit. `per_second` None switches all limits off (for tests); pauses still hold.

    The outbox gives way to answers, but a tenth of all is its own: a few chats that press without end would otherwise
    silence every notice of the bot.

    The limits are on messages and edits. What goes with them (acknowledging a press, deleting) is counted too, and the
    outbox gives way to it, but no answer waits for it: otherwise a bot could answer half as many presses as it may.
    """

    def __init__(
        self,
        *,
        per_second: int | None = 30,
        chat_seconds: float = 1.0,
        chat_burst: int = 3,
        monotonic: Callable[[], float] = steady,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`chat_seconds` between two messages to one chat once `chat_burst` of them went at once."""
        self.per_second = per_second
        self._chat_seconds = chat_seconds
        self._chat_slack = chat_seconds * (chat_burst - 1)
        self._now = monotonic
        self._sleep = sleep
        self._moments: deque[float] = deque(maxlen=per_second or 1)
        """When the last messages and edits went."""
        self._beside: deque[float] = deque(maxlen=per_second or 1)
        """When the last other calls went."""
        self._least = (per_second or 0) // 10
        self._lent: deque[float] = deque(maxlen=per_second or 1)
        """When the outbox last began to send."""
        self._gate = asyncio.Lock()  # wakes its waiters in the order they came
        self._waiting = 0
        self._paces: dict[str, _Pace] = {}
        self._paused_until = 0.0
        self._refused: dict[str, float] = {}
        """When each chat was last refused, for `TOGETHER` seconds."""

    @property
    def pause_left(self) -> float:
        """Seconds until the bot may send again after a 429; 0 = now."""
        return max(0.0, self._paused_until - self._now())

    def pause(self, seconds: float) -> None:
        """Send nothing for so many seconds, as the messenger asked."""
        self._paused_until = max(self._paused_until, self._now() + seconds)

    def refused(self, chat: str, seconds: float, *, as_message: bool = True) -> None:
        """Send nothing to this chat for so many seconds; where several chats were refused shortly after each other,
        nothing to anybody, since then the messenger means the bot.

        `as_message` False = it was a call that goes with messages, such as acknowledging a press: chats bring about as
        many of these as they press, so they tell nothing of the bot.
        """
        now = self._now()
        pace = self._pace_of(chat)
        pace.paused_until = max(pace.paused_until, now + seconds)
        if not as_message:
            return
        self._refused[chat] = now
        self._refused = {each: at for each, at in self._refused.items() if at > now - TOGETHER}
        if len(self._refused) >= SEVERAL:
            self.pause(seconds)

    def free(self) -> int:
        """The number of messages that may be sent now without waiting; 0 during a pause."""
        if self.pause_left > 0:
            return 0
        if self.per_second is None:
            return 1_000_000
        since = self._now() - 1.0 - MARGIN
        gone = sum(1 for moments in (self._moments, self._beside) for moment in moments if moment > since)
        return self.per_second - self._waiting - gone

    def spare(self) -> int:
        """How many messages the outbox may send now: what is free but a sixth, which is kept for answers, and where
        answers take all of it, its own tenth of each second."""
        free = self.free()
        spare = free - (self.per_second or 0) // 6
        if self.per_second is None or self.pause_left > 0:
            return spare
        since = self._now() - 1.0 - MARGIN
        return max(spare, self._least - sum(1 for moment in self._lent if moment > since))

    def lend(self, number: int) -> None:
        """Count so many messages that the outbox begins to send."""
        self._lent.extend([self._now()] * number)

    def has_room(self, chat: str, *, share: float) -> bool:
        """Whether a call of this share may be made now, and a message to the chat right after it without waiting."""
        if self.per_second is None:
            return self.pause_left <= 0
        pace, now = self._pace_of(chat), self._now()
        if pace.gate.locked() or pace.paused_until > now or self.spare() <= 0:
            return False
        return pace.paid_until + self._chat_seconds * share - self._chat_slack <= now

    async def take(self, chat: str, *, share: float = 1.0, patience: float = math.inf) -> None:
        """Wait until a call for `chat` may be made.

        `share` is what it takes of the chat's limit: 1 for a new message, 0 for a call that goes with messages, which
        waits for pauses only.

        Raises:
            PausedTooLong: a pause longer than `patience` seconds, of the bot or of the chat, keeps the call back.
        """
        pace = self._pace_of(chat)
        if self.per_second is None:
            await self._wait_out(lambda: 0.0, pace, patience)
            return
        if not share:
            await self._wait_out(lambda: 0.0, pace, patience)
            self.count()
            return
        # First the chat's limit, then the bot's: a chat that waits holds up no other.
        async with pace.gate:
            await self._wait_out(lambda: pace.paid_until - self._chat_slack - self._now(), pace, patience)
            await self._go(pace, patience)
            pace.paid_until = max(pace.paid_until, self._now()) + self._chat_seconds * share

    def count(self) -> None:
        """Count a call that goes with messages and is made without waiting."""
        if self.per_second is not None:
            self._beside.append(self._now())

    async def _go(self, pace: _Pace, patience: float) -> None:
        # Not inside the bot's gate: a call that waits there keeps all others waiting.
        await self._wait_out(lambda: 0.0, pace, patience)
        self._waiting += 1
        try:
            async with self._gate:
                await self._wait_out(self._full_for, None, patience)
                self._moments.append(self._now())
        finally:
            self._waiting -= 1

    async def _wait_out(self, left: Callable[[], float], pace: _Pace | None, patience: float) -> None:
        """Wait until neither `left` nor a pause remains; a pause may begin meanwhile."""
        while True:
            pause = self.pause_left
            if pace is not None:
                pause = max(pause, pace.paused_until - self._now())
            wait = max(left(), pause)
            if wait <= 0:
                return
            if pause > patience:
                raise PausedTooLong(pause)
            await self._sleep(wait)

    def _pace_of(self, chat: str) -> _Pace:
        if len(self._paces) > FORGET_ABOVE:
            now = self._now()
            awake = {
                key: pace
                for key, pace in self._paces.items()
                if max(pace.paid_until, pace.paused_until) > now or pace.gate.locked()
            }
            self._paces = awake
        return self._paces.setdefault(chat, _Pace())

    def _full_for(self) -> float:
        """Seconds for which the last second is full."""
        if len(self._moments) < (self._moments.maxlen or 1):
            return 0.0
        return self._moments[0] + 1.0 + MARGIN - self._now()
