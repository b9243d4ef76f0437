"""Which days are counted, how often, and what the states of appointments count as."""

from __future__ import annotations

from datetime import date, timedelta

from desk.appointments.rules import AppointmentState

DAYS_AHEAD = 14
"""The days that are counted from today on."""
STILL_CHANGES = 7
"""A day is counted anew for so long: staff correct visits of the last week."""
FIRST_BACK = 60
"""How far back the days of a queue are counted that was never counted before."""
FRESH = timedelta(minutes=5)
"""After this time a queue is counted anew."""
ABSENCES = 30
"""The days in which absences are added up."""

CAME = frozenset({AppointmentState.ARRIVED, AppointmentState.SERVED, AppointmentState.COME_BACK})
"""The states of somebody who stood at the counter or waits there."""


def days_to_count(*, today: date, counted: date | None) -> list[date]:
    """The days that are counted on `today`, where the queue was counted last on the day `counted`, or never.

    After an interruption it goes on where it stopped, so that no day between is missing.
    """
    first = today - timedelta(days=FIRST_BACK)
    if counted is not None:
        first = max(first, min(today, counted) - timedelta(days=STILL_CHANGES))
    return [first + timedelta(days=n) for n in range((today - first).days + DAYS_AHEAD)]
