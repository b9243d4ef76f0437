"""The only place that asks what time it is; everything else is handed the moment."""

from datetime import UTC, datetime
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
