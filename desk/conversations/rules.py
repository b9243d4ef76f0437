"""What is counted of a chat and for how long, when code look-ups are blocked, and how long a key may be."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_KEY = 60
"""The most letters of the stored key of an update."""

MOST_MISSES = 10
"""Codes without a case in one series, after which look-ups are blocked."""

SERIES = timedelta(hours=24)
"""The length of a series of codes without a case, from the first; then the count begins at zero."""


class CounterKind(StrEnum):
    """What is counted of a chat; the counts outlive «erase my data»."""

    UNKNOWN_CODES = "unknown_codes"
    """Codes that were looked up and that no case has."""
    HOLDING = "holding"
    """Holds of places, whose series limits how long a chat may hold at all: see `desk.places.rules`."""
    HOLDS = "holds"
    """Places that were held anew."""
    PEOPLE = "people"
    """People who were added to the chat's list."""
    CANCELLATIONS = "cancellations"
    """Appointments that the person cancelled."""
    FALLEN = "fallen"
    """Appointments that fell, because somebody else held the paper."""


HOLDING_SERIES = timedelta(minutes=60)
"""From the first hold of a chat until it may begin another series of holds: see `desk.places.rules`."""

DAY, WEEK = timedelta(hours=24), timedelta(days=7)
SPANS = {
    CounterKind.UNKNOWN_CODES: SERIES,
    CounterKind.HOLDING: HOLDING_SERIES,
    CounterKind.HOLDS: DAY,
    CounterKind.PEOPLE: DAY,
    CounterKind.CANCELLATIONS: WEEK,
    CounterKind.FALLEN: WEEK,
}
"""How long a series of each kind lasts."""


def rests_until(misses: int, ends_at: datetime | None, *, now: datetime) -> datetime | None:
    """When codes are looked up again; None = they are now."""
    if ends_at is None or misses < MOST_MISSES:
        return None
    return ends_at if now < ends_at else None
