"""Counts what was booked before there was a quota, and what of it is booked on which day.

Of a household with one place that place counts: a quota bounds what a service takes of the counters.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import bindparam, false, select, update

from desk.appointments.booking import appointments
from desk.appointments.rules import HOLDS_A_PLACE
from desk.calendar import local_day_of
from desk.capacity.bookable import slots
from desk.places.quotas import OfDay, count
from desk.storage.base import WriteSession

_OF_QUEUE = select(slots.c.id).where(
    slots.c.queue_id == bindparam("of"), slots.c.day >= bindparam("since", type_=slots.c.day.type)
)
_COUNT = (
    update(appointments)
    .where(
        appointments.c.slot_id.in_(_OF_QUEUE),
        appointments.c.service_id == bindparam("served"),
        appointments.c.state.in_(HOLDS_A_PLACE),
        appointments.c.is_counted == false(),
        appointments.c.has_place,
    )
    .values(is_counted=True)
    .returning(appointments.c.day)
)


def count_booked(session: WriteSession, *, queue_id: int, service_id: int, now: datetime) -> None:
    """Count the appointments of the service at the queue from today on that do not count yet, also above the quota."""
    since = local_day_of(now).date - timedelta(days=1)  # in whichever zone the office lies
    asked = {"of": queue_id, "served": service_id, "since": since}
    days = Counter(session.connection().execute(_COUNT, asked).scalars())
    for day in sorted(days):
        count(session.connection(), OfDay(queue_id, service_id, day), places=days[day])
