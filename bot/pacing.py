"""How fast one bot may speak: so many messages a second in all, about one a second in a chat, and pauses."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

FORGET_ABOVE = 4096
"""Chats remembered before those that have been silent long enough are forgotten."""
MARGIN = 0.02
"""Seconds added to the second, because messages may arrive closer together than they were sent."""


class Pacer:
    """The limits of one bot (messengers 5: 30/s in all, 1/s in a chat with short bursts). Not shared between processes.

    A sender reserves its moment at once and sleeps until it comes, so senders are served in the order they asked.
    `per_second` None switches all limits off (benchmarks, tests); pauses still hold.
    """

    def __init__(
        self,
        *,
        per_second: int | None = 30,
        chat_seconds: float = 1.0,
        chat_burst: int = 3,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`chat_seconds` between two messages to one chat once `chat_burst` of them went at once."""
        self.per_second = per_second
        self._chat_seconds = chat_seconds
        self._chat_slack = chat_seconds * (chat_burst - 1)
        self._now = monotonic
        self._sleep = sleep
        self._moments: deque[float] = deque(maxlen=per_second or 1)
        self._chats: dict[str, float] = {}
        self._paused_until = 0.0

    @property
    def pause_left(self) -> float:
        """Seconds until the whole bot may speak again after a 429; 0 = now."""
        return max(0.0, self._paused_until - self._now())

    def pause(self, seconds: float) -> None:
        """Let nobody speak for so long: the messenger said so."""
        self._paused_until = max(self._paused_until, self._now() + seconds)

    def free(self) -> int:
        """How many messages could go this moment without waiting; 0 during a pause."""
        if self.pause_left > 0:
            return 0
        if self.per_second is None:
            return 1_000_000
        since = self._now() - 1.0 - MARGIN
        return self.per_second - sum(1 for moment in self._moments if moment > since)

    def spare(self) -> int:
        """How many of `free` the outbox may use: a sixth of them is kept for answers, which never wait for bulk."""
        return self.free() - (self.per_second or 0) // 6

    async def take(self, chat: str, *, in_chat: bool = True) -> None:
        """Return when one call for `chat` may go. `in_chat` False: it counts for the bot only (an edit)."""
        if self.per_second is not None:
            # First the chat, then the bot: a chat that waits for its own second holds up nobody else.
            if in_chat and (wait := self._reserve_in_chat(chat)) > 0:
                await self._sleep(wait)
            if (wait := self._reserve()) > 0:
                await self._sleep(wait)
        while (left := self.pause_left) > 0:
            await self._sleep(left)

    def _reserve_in_chat(self, chat: str) -> float:
        now = self._now()
        # The moment by which all that was sent is paid for at one per `chat_seconds`; the burst may run ahead of it.
        paid = max(self._chats.get(chat, 0.0), now)
        if len(self._chats) > FORGET_ABOVE:
            self._chats = {key: moment for key, moment in self._chats.items() if moment > now}
        self._chats[chat] = paid + self._chat_seconds
        return paid - self._chat_slack - now

    def _reserve(self) -> float:
        now = at = self._now()
        if len(self._moments) == self._moments.maxlen:
            at = max(at, self._moments[0] + 1.0 + MARGIN)
        self._moments.append(at)
        return at - now
