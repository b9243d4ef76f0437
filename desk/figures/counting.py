"""Counts the days of a queue from its rules, its slots and its appointments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.appointments.rules import HOLDS_A_PLACE, AppointmentState
from desk.calendar import local_day_of
from desk.capacity.models import Queue, Slot, SlotStatus
from desk.capacity.quotas import left_of_all, usable
from desk.capacity.rules import day_plan, instants_around
from desk.capacity.timetables import timetables
from desk.figures.models import DayFigures
from desk.figures.rules import CAME, FRESH, days_to_count
from desk.offices.models import Office
from desk.places.claims import claims as _claims
from desk.places.shares import IS_UNUSED
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_queues, _slots, _offices = table_of(Queue), table_of(Slot), table_of(Office)
_appointments, _figures = table_of(Appointment), table_of(DayFigures)
_is_live = _slots.c.status == SlotStatus.LIVE
_is_ahead = and_(_is_live, _slots.c.starts_at > bindparam("now", type_=_slots.c.starts_at.type))
_THESE = (
    _slots.c.queue_id == bindparam("queue"),
    _slots.c.day.between(bindparam("first"), bindparam("last")),
    _slots.c.starts_at.between(
        bindparam("after", type_=_slots.c.starts_at.type), bindparam("until", type_=_slots.c.starts_at.type)
    ),
)


def _number(condition: Any, of: Any = 1) -> Any:
    return func.coalesce(func.sum(case((condition, of), else_=0)), 0)


_PLACES = (
    select(
        _slots.c.day,
        _number(_is_live, _slots.c.planned).label("released"),
        func.sum(_slots.c.capacity - _slots.c.remaining).label("taken"),
        _number(_is_ahead, _slots.c.remaining).label("free"),
        left_of_all(bindparam("queue", type_=_slots.c.queue_id.type), _slots.c.day).label("left"),
    )
    .where(*_THESE)
    .group_by(_slots.c.day)
)
_UNUSED = (
    select(_slots.c.day, func.count().label("apart"))
    .join_from(_slots, _claims, _claims.c.slot_id == _slots.c.id)
    .where(*_THESE, IS_UNUSED)
    .group_by(_slots.c.day)
)
_PEOPLE = (
    select(
        _slots.c.day,
        _number(_appointments.c.state.in_(sorted(HOLDS_A_PLACE))).label("booked"),
        _number(_appointments.c.state.in_(sorted(CAME))).label("came"),
        _number(_appointments.c.state == AppointmentState.SERVED).label("served"),
        _number(_appointments.c.state == AppointmentState.ABSENT).label("absent"),
    )
    .join_from(_slots, _appointments, _appointments.c.slot_id == _slots.c.id)
    .where(*_THESE)
    .group_by(_slots.c.day)
)
_COUNTED = (
    select(
        _offices.c.zone,
        select(func.max(_figures.c.counted_at))
        .where(_figures.c.queue_id == _queues.c.id)
        .scalar_subquery()
        .label("counted_at"),
    )
    .join_from(_queues, _offices, _offices.c.id == _queues.c.office_id)
    .where(_queues.c.id == bindparam("queue"))
)
_TO_COUNT = (
    select(_queues.c.id)
    .join_from(
        _queues, _figures, and_(_figures.c.queue_id == _queues.c.id, _figures.c.day == bindparam("today")), isouter=True
    )
    .where(
        or_(
            _figures.c.counted_at.is_(None),
            _figures.c.counted_at <= bindparam("before", type_=_figures.c.counted_at.type),
        )
    )
    .order_by(_queues.c.id)
)


def queues_to_count(session: Session, *, now: datetime) -> Sequence[int]:
    """The queues whose today was not counted yet, or longer ago than `FRESH`."""
    return session.scalars(_TO_COUNT, {"today": local_day_of(now).date, "before": now - FRESH}).all()


def count_days(session: WriteSession, *, id: int, now: datetime) -> None:
    """Count the days of the queue `id` that may have changed since it was counted last.

    The rows are written anew: two runs at once leave the same numbers.
    """
    zone, before = session.execute(_COUNTED, {"queue": id}).one()
    days = days_to_count(
        today=local_day_of(now, zone=zone).date,
        counted=None if before is None else local_day_of(before, zone=zone).date,
    )
    # The queue is locked from here on, so that nobody else writes these rows.
    rules = timetables(session, queue_ids=[id], days=days)[id].rules
    counts: dict[date, dict[str, int]] = defaultdict(dict)
    after, until = instants_around(days[0], days[-1])
    asked = {"queue": id, "first": days[0], "last": days[-1], "after": after, "until": until}
    for row in session.execute(_PLACES, {**asked, "now": now}).mappings():
        counts[row["day"]] |= {name: int(row[name]) for name in ("released", "taken")}
        counts[row["day"]]["free"] = usable(int(row["free"]), row["left"])
    for unused in session.execute(_UNUSED, asked):
        counts[unused.day]["taken"] -= unused.apart  # nobody has such a place yet
    for row in session.execute(_PEOPLE, asked).mappings():
        counts[row["day"]] |= {name: int(row[name]) for name in ("booked", "came", "served", "absent")}
    session.execute(delete(_figures).where(_figures.c.queue_id == id, _figures.c.day.between(days[0], days[-1])))
    nothing = dict.fromkeys(("released", "taken", "free", "booked", "came", "served", "absent"), 0)
    session.execute(
        insert(_figures),
        [
            {
                "day": day,
                "queue_id": id,
                "planned": sum(slot.capacity for slot in day_plan(rules, exception=None, holiday=False, day=day)),
                **nothing,
                **counts[day],
                "counted_at": now,
            }
            for day in days
        ],
    )
