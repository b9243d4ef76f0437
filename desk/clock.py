"""The only place that reads the clock; everything else is given the time as `now`."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """An object that returns the present moment, aware and in UTC."""

    def now(self) -> datetime:
        """Return the present moment as an aware datetime in UTC."""


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the present moment as an aware datetime in UTC."""
        return now()


def now() -> datetime:
    """Return the present moment as an aware datetime in UTC."""
    return datetime.now(UTC)


def steady() -> float:
    """Return seconds of a monotonic clock from an arbitrary start, for durations; setting the system clock has no
    effect."""
    return time.monotonic()


class SetBack:
    """Notices that the system clock was set back, by comparing it with the monotonic clock."""

    LEAST = timedelta(seconds=1)
    """A smaller difference is the gradual correction of the clock."""

    def __init__(self, *, wall: Callable[[], datetime] = now, steady: Callable[[], float] = steady) -> None:
        self._wall = wall
        self._steady = steady
        self._seen = wall(), steady()

    def look(self) -> timedelta:
        """How much the clock was set back since the last call; zero where it was not, or was set forward."""
        (wall, steady), self._seen = self._seen, (self._wall(), self._steady())
        back = timedelta(seconds=self._seen[1] - steady) - (self._seen[0] - wall)
        return back if back >= self.LEAST else timedelta(0)
