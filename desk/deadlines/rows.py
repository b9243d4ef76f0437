"""A deadline as lists and pages see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.deadlines.rules import KINDS, Level, level


@dataclass(frozen=True, slots=True)
class Due:
    """The deadline that counts for something: the next one while any is running, else the last there was."""

    kind: str
    at: datetime
    is_running: bool

    def level(self, now: datetime) -> Level | None:
        """How near it is; None = nothing is running."""
        return level(self.at, kind=KINDS[self.kind], now=now) if self.is_running else None

    def is_late(self, now: datetime) -> bool:
        """Whether it was to be met before `now`, and was not."""
        return self.level(now) is Level.LATE
