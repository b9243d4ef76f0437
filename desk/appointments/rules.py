"""The states of a booked turn, what may be done in each, and when people are reminded."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from desk.calendar import instant_of, local_day_of


class State(StrEnum):
    """Where a turn stands; outcomes are honest (product, «on the day»)."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    SERVED = "served"
    COME_BACK = "come_back"
    ABSENT = "absent"
    CANCELLED_BY_PERSON = "cancelled_by_person"
    CANCELLED_BY_OFFICE = "cancelled_by_office"


HOLDS_A_PLACE = frozenset({State.BOOKED, State.ARRIVED, State.SERVED, State.COME_BACK, State.ABSENT})
"""States whose turn still counts in `capacity - remaining`: a past turn keeps its place in the day's count."""

LIVE = frozenset({State.BOOKED, State.ARRIVED})
"""States of a turn that lies ahead or is going on; one of these per person and service."""


CANCELLED = frozenset({State.CANCELLED_BY_PERSON, State.CANCELLED_BY_OFFICE})


def is_ahead(state: State, starts_at: datetime, *, now: datetime) -> bool:
    """Whether a turn is still to come, so that it can be changed, cancelled and reminded of."""
    return state is State.BOOKED and starts_at > now


"""States of a turn that gave its place back."""

EVENING = 18 * 60
"""When the reminder of the evening before goes out, in minutes after local midnight."""

SHORTLY_BEFORE = timedelta(hours=2)
"""How long before the turn the second reminder goes out."""


EVENING_BEFORE = "evening"
"""Name of the first reminder; the second is `shortly`."""


def reminders(starts_at: datetime, *, zone: str, now: datetime) -> list[tuple[str, datetime]]:
    """The reminders of a turn that still lie ahead, each with its name and instant: `evening`, then `shortly`."""
    eve = local_day_of(starts_at, zone=zone).plus(-1)
    planned = [(EVENING_BEFORE, instant_of(eve, minutes=EVENING, zone=zone)), ("shortly", starts_at - SHORTLY_BEFORE)]
    return [(which, due_at) for which, due_at in planned if due_at > now]
