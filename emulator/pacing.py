"""Enforced sending limits, off by default: so many messages a second for a bot and for one chat, with short bursts."""

import math
from dataclasses import dataclass, field

from emulator.wire import Rejected

_COUNTED = ("send", "copy", "forward")


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages a second (0 = no limit) and how many may come at once; Telegram's figures are 30 and 1."""

    per_bot: float = 0.0
    bot_burst: int = 30
    per_chat: float = 0.0
    chat_burst: int = 3


TELEGRAM_LIMITS = Limits(per_bot=30.0, per_chat=1.0)


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


@dataclass(slots=True)
class Pacing:
    """Token buckets of one bot; `check` raises Rejected 429 with the seconds to wait, which the bot must obey."""

    limits: Limits
    _buckets: dict[int, _Bucket] = field(default_factory=dict)

    def check(self, *, method: str, chat_id: int | None, now: float) -> None:
        """Count one call. Raises Rejected 429 when the bot or the chat is over its limit."""
        name = method.lower()
        if chat_id is None or not name.startswith(_COUNTED) or name == "sendchataction":
            return
        self._take(0, rate=self.limits.per_bot, burst=self.limits.bot_burst, now=now)
        self._take(chat_id, rate=self.limits.per_chat, burst=self.limits.chat_burst, now=now)

    def _take(self, key: int, *, rate: float, burst: int, now: float) -> None:
        if rate <= 0:
            return
        bucket = self._buckets.setdefault(key, _Bucket(float(burst), now))
        bucket.left = min(float(burst), bucket.left + (now - bucket.at) * rate)
        bucket.at = now
        if bucket.left < 1:
            wait = max(1, math.ceil((1 - bucket.left) / rate))
            raise Rejected(429, f"Too Many Requests: retry after {wait}", retry_after=wait)
        bucket.left -= 1
