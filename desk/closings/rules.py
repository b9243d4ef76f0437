"""How long a closing can be taken back, when people are told, and how far each of its days is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

UNDO: Final = timedelta(minutes=5)
"""How long nobody is told, so that a mistake can be taken back without anybody having read of it."""
SOON: Final = timedelta(hours=1)
"""A person who would have to be there this soon after that is told at once instead."""
NOT_YET: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""When people are told of a closing that has days left to change."""
AT_ONCE: Final = 40
"""Days of queues that are changed in one transaction."""
MOST_DAYS: Final = 31
"""The longest closing, in days."""
MOST_OF_A_CLOSING: Final = 20_000
"""Days of queues of one closing."""


class DayStep(StrEnum):
    """How far one day of a queue is."""

    WAITING = "waiting"
    DONE = "done"
    BACK = "back"
    """To be brought back to what it was."""
    UNDONE = "undone"
    LEFT = "left"
    """Nothing was to be changed, or it could not be, or somebody else has changed the day since."""


def soon_until(confirmed_at: datetime) -> datetime:
    """Who would have to be there before this is told at once, and waits for no other day of the closing."""
    return confirmed_at + UNDO + SOON


def told_from(first: datetime | None, *, confirmed_at: datetime) -> datetime:
    """From when the people of a closing are told; `first` = the earliest time that it takes away, None = nobody's."""
    return confirmed_at if first is not None and first < soon_until(confirmed_at) else confirmed_at + UNDO
