"""A deadline as lists and pages see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.deadlines.rules import KINDS, DeadlineLevel, level


@dataclass(frozen=True, slots=True)
class CurrentDeadline:
    """The current deadline of something: the next one while any runs, else the last there was."""

    kind: str
    at: datetime
    is_running: bool

    def level(self, now: datetime) -> DeadlineLevel | None:
        """The level; None = nothing runs."""
        return level(self.at, kind=KINDS[self.kind], now=now) if self.is_running else None

    def is_late(self, now: datetime) -> bool:
        """Whether it runs and was due before `now`."""
        return self.level(now) is DeadlineLevel.LATE
