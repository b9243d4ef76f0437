"""The only place that asks what time it is; everything else is handed the moment."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Something that can say the present moment, aware and in UTC."""

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
    """Return seconds that only grow, from no particular moment: for durations, whatever the clock is set to."""
    return time.monotonic()


class SetBack:
    """Notices that the machine's clock was set back, by how much more it should show by now."""

    LEAST = timedelta(seconds=1)
    """Less is the clock being brought right little by little."""

    def __init__(self, *, wall: Callable[[], datetime] = now, steady: Callable[[], float] = steady) -> None:
        self._wall = wall
        self._steady = steady
        self._seen = wall(), steady()

    def look(self) -> timedelta:
        """By how much the clock was set back since the last look; zero where it was not, or was set on."""
        (wall, steady), self._seen = self._seen, (self._wall(), self._steady())
        back = timedelta(seconds=self._seen[1] - steady) - (self._seen[0] - wall)
        return back if back >= self.LEAST else timedelta(0)
