"""The states of a booked appointment, what may be done in each, and when people are reminded."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from desk.calendar import instant_of, local_day_of
from desk.outbox.quiet import before_the_night
from desk.outbox.rules import NoticeKind


class State(StrEnum):
    """Where an appointment stands; outcomes are honest (product, «on the day»)."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    SERVED = "served"
    COME_BACK = "come_back"
    ABSENT = "absent"
    CANCELLED_BY_PERSON = "cancelled_by_person"
    CANCELLED_BY_OFFICE = "cancelled_by_office"


class Notice(NoticeKind):
    """What a person is told about an appointment."""

    TICKET = "ticket"
    REMINDER = "reminder"
    CANCELLED = "cancelled_by_office"
    MOVED = "moved_by_office"


HOLDS_A_PLACE = frozenset({State.BOOKED, State.ARRIVED, State.SERVED, State.COME_BACK, State.ABSENT})
"""States whose appointment still counts in `capacity - remaining`: a past appointment keeps its place in the day's
count."""

LIVE = frozenset({State.BOOKED, State.ARRIVED})
"""States of an appointment that lies ahead or is going on; one of these per person and service."""


CANCELLED = frozenset({State.CANCELLED_BY_PERSON, State.CANCELLED_BY_OFFICE})
"""States of an appointment that gave its place back."""

EVENING = 18 * 60
"""When the reminder of the evening before goes out, in minutes after local midnight."""

SHORTLY_BEFORE = timedelta(hours=2)
"""How long before the appointment the second reminder goes out."""

EVENING_BEFORE = "evening"
SHORTLY = "shortly"
"""Names of the two reminders."""


def is_ahead(state: State, starts_at: datetime, *, now: datetime) -> bool:
    """Whether an appointment is still to come, so that it can be changed, cancelled and reminded of."""
    return state is State.BOOKED and starts_at > now


def is_said_on_the_day(starts_at: datetime, *, zone: str) -> bool:
    """Whether the second reminder of an appointment goes out on its own day, so that a late first one would say it
    twice."""
    shortly = before_the_night(starts_at - SHORTLY_BEFORE, zone=zone)
    return local_day_of(shortly, zone=zone) == local_day_of(starts_at, zone=zone)


def reminders(starts_at: datetime, *, zone: str, now: datetime) -> list[tuple[str, datetime]]:
    """The reminders of an appointment that still lie ahead, each with its name and instant: `evening`, then `shortly`.

    None goes out at night: where the second one would, it is said before the night instead, and not at all where the
    first one says it that same evening.
    """
    eve = local_day_of(starts_at, zone=zone).plus(-1)
    evening = instant_of(eve, minutes=EVENING, zone=zone)
    shortly = before_the_night(starts_at - SHORTLY_BEFORE, zone=zone)
    planned = [(EVENING_BEFORE, evening)]
    if evening <= now or local_day_of(shortly, zone=zone) != eve:
        planned.append((SHORTLY, shortly))
    return [(which, due_at) for which, due_at in planned if due_at > now]
