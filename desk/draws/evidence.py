"""What is recorded about how scarce the places of a service are in a province: for who decides to draw them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.calendar import instant_of, local_day_of
from desk.capacity.bookable import OPENING, links, offices, queues, services, slots
from desk.capacity.drawing import GIVING
from desk.capacity.free import first_free
from desk.capacity.models import SlotStatus
from desk.storage.upsert import table_of
from desk.values import LocalDay
from desk.waiting.models import StandingRequest, StandingRequestPlace

BACK = timedelta(days=60)
"""The bookings of so many days are looked at."""
MOST_BOOKINGS = 20_000
_booked, _requests, _wished = table_of(Appointment), table_of(StandingRequest), table_of(StandingRequestPlace)
_HERE = (
    links.c.service_id == bindparam("service"),
    offices.c.province_code == bindparam("province"),
)
_FULL = (
    select(
        *slots.c["queue_id", "day"],
        offices.c.zone,
        *OPENING,
        func.sum(slots.c.capacity).label("places"),
    )
    .join_from(slots, queues, queues.c.id == slots.c.queue_id)
    .join(offices, offices.c.id == queues.c.office_id)
    .join(links, links.c.queue_id == queues.c.id)
    .join(services, services.c.id == links.c.service_id)
    .where(
        *_HERE,
        slots.c.status == SlotStatus.LIVE,
        slots.c.day >= bindparam("since", type_=slots.c.day.type),
    )
    .group_by(slots.c.queue_id, slots.c.day, offices.c.zone, *(each.element for each in OPENING))
    .having(func.sum(slots.c.remaining) == 0, func.sum(slots.c.capacity) > 0)
)
_BOOKINGS = (
    select(*slots.c["queue_id", "day"], _booked.c.created_at)
    .join_from(_booked, slots, slots.c.id == _booked.c.slot_id)
    .where(
        slots.c.queue_id.in_(bindparam("queues", expanding=True)),
        slots.c.day >= bindparam("since", type_=slots.c.day.type),
        _booked.c.moves == 0,
    )
    .order_by(_booked.c.created_at)
    .limit(MOST_BOOKINGS)
)
_WAITING = (
    select(func.count(func.distinct(_requests.c.id)))
    .join_from(_requests, _wished, _wished.c.request_id == _requests.c.id)
    .where(
        _requests.c.is_waiting,
        _requests.c.service_id == bindparam("service"),
        (_wished.c.province_code == bindparam("province"))
        | _wished.c.office_id.in_(select(offices.c.id).where(offices.c.province_code == bindparam("province"))),
    )
)


@dataclass(frozen=True, slots=True)
class Scarcity:
    """How scarce the places of a service are in a province; None = it is not known."""

    offices: int
    """How many offices of the province give the service."""
    days_to_free: int | None
    """The days until the next free place; None = no place is free on the days that are made."""
    minutes_to_sold_out: int | None
    """The median of the minutes in which a day was booked up after it opened; None = it is not known."""
    sold_out_days: int
    """Of so many days of a queue that is the median."""
    waiting: int
    """How many requests wait for it there."""

    def plain(self) -> dict[str, int | None]:
        """As it is kept beside the setting and in the history."""
        return {
            "days_to_free": self.days_to_free,
            "minutes_to_sold_out": self.minutes_to_sold_out,
            "sold_out_days": self.sold_out_days,
            "waiting": self.waiting,
        }


def scarcity(session: Session, *, service_id: int, province_code: str, now: datetime) -> Scarcity:
    """What is recorded about it at this moment."""
    of: dict[str, Any] = {"service": service_id, "province": province_code}
    found = session.execute(GIVING, of).all()
    giving = sorted({row.office_id for row in found})
    today = local_day_of(now).date
    free = first_free(session, service_id=service_id, office_ids=giving, after=now, limit=1) if giving else []
    minutes = _minutes_to_sold_out(session, of, since=today - BACK)
    return Scarcity(
        offices=len(giving),
        days_to_free=(local_day_of(free[0].starts_at).date - today).days if free else None,
        minutes_to_sold_out=round(median(minutes)) if minutes else None,
        sold_out_days=len(minutes),
        waiting=session.scalar(_WAITING, of) or 0,
    )


def _minutes_to_sold_out(session: Session, of: dict[str, Any], *, since: date) -> list[float]:
    """Of each day of a queue that is booked up and whose opening is known: the minutes until its last place was taken.

    When a day opened is known where the service or the office says how many days ahead it opens. A day with a booking
    before that hour was opened by other rules, and is left out.
    """
    full = {(row.queue_id, row.day): row for row in session.execute(_FULL, {**of, "since": since})}
    opened = {key: row for key, row in full.items() if row.days_ahead is not None}
    if not opened:
        return []
    bookings: dict[tuple[int, date], list[datetime]] = defaultdict(list)
    asked = {"queues": sorted({queue for queue, _ in opened}), "since": since}
    for row in session.execute(_BOOKINGS, asked):
        bookings[row.queue_id, row.day].append(row.created_at)
    minutes = []
    for key, row in opened.items():
        taken = bookings[key]
        begin = instant_of(LocalDay(row.day - timedelta(days=row.days_ahead)), minutes=row.opens_at or 0, zone=row.zone)
        if len(taken) >= row.places and taken[0] >= begin:
            minutes.append((taken[row.places - 1] - begin).total_seconds() / 60)
    return minutes
