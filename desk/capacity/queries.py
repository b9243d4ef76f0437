"""Reading capacity: who offers a service, and what staff see of queues, rules, exceptions and days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session

from desk.capacity.free import first_free, free_days, free_times, slot, slot_now, soonest_elsewhere
from desk.capacity.models import (
    CapacityException,
    ExceptionKind,
    Hold,
    Holiday,
    OpeningRule,
    Queue,
    QueueService,
    Slot,
    SlotStatus,
)
from desk.capacity.planning import queues_to_fill
from desk.capacity.rows import ExceptionRow, GridCell, HolidayRow, QueueRow, RuleRow
from desk.capacity.rules import instants_around
from desk.language.text import Localised
from desk.offices.models import Office
from desk.offices.queries import all_offices
from desk.offices.rows import OfficeRow
from desk.offices.rules import Reach
from desk.storage.upsert import table_of

__all__ = [
    "exceptions_of",
    "first_free",
    "free_days",
    "free_times",
    "grid",
    "holiday",
    "holidays",
    "offices_without_times",
    "queues_of",
    "queues_to_fill",
    "rules_of",
    "slot",
    "slot_now",
    "soonest_elsewhere",
]


_queue, _slot = table_of(Queue), table_of(Slot)
_WITH_TIMES = select(_queue.c.office_id).where(
    _queue.c.is_active.is_(True),
    select(_slot.c.id)
    .where(
        _slot.c.queue_id == _queue.c.id,
        _slot.c.starts_at > bindparam("now", type_=_slot.c.starts_at.type),
        _slot.c.status == SlotStatus.LIVE,
    )
    .exists(),
)


def offices_without_times(session: Session, *, scope: Reach, now: datetime) -> list[OfficeRow]:
    """The offices in use within `scope` that have no time ahead, free or taken: nobody can get a turn there."""
    have = set(session.scalars(_WITH_TIMES, {"now": now}))
    return [office for office in all_offices(session, scope=scope, active_only=True) if office.id not in have]


def queues_of(session: Session, *, office_id: int) -> list[QueueRow]:
    """The queues of an office with the services they serve."""
    links: dict[int, list[int]] = {}
    for queue_id, service_id in session.execute(
        select(QueueService.queue_id, QueueService.service_id)
        .join(Queue, Queue.id == QueueService.queue_id)
        .where(Queue.office_id == office_id, QueueService.is_active.is_(True))
        .order_by(QueueService.service_id)
    ):
        links.setdefault(queue_id, []).append(service_id)
    queues = session.execute(
        select(Queue.id, Queue.name, Queue.is_active).where(Queue.office_id == office_id).order_by(Queue.id)
    )
    return [
        QueueRow(
            id=queue_id,
            office_id=office_id,
            name=name,
            is_active=is_active,
            service_ids=tuple(links.get(queue_id, ())),
        )
        for queue_id, name, is_active in queues
    ]


def rules_of(session: Session, *, queue_id: int) -> list[RuleRow]:
    """The opening rules of a queue by weekday and hour."""
    found = session.scalars(
        select(OpeningRule)
        .where(OpeningRule.queue_id == queue_id)
        .order_by(OpeningRule.weekday, OpeningRule.opens, OpeningRule.valid_from, OpeningRule.id)
    )
    return [
        RuleRow(
            id=rule.id,
            queue_id=rule.queue_id,
            weekday=rule.weekday,
            opens=rule.opens,
            closes=rule.closes,
            minutes_per_person=rule.minutes_per_person,
            counters=rule.counters,
            valid_from=rule.valid_from,
            valid_to=rule.valid_to,
        )
        for rule in found
    ]


def exceptions_of(
    session: Session, *, queue_id: int, from_day: date | None = None, to_day: date | None = None
) -> list[ExceptionRow]:
    """The days of a queue that differ from its rules, first to last."""
    query = select(CapacityException).where(CapacityException.queue_id == queue_id)
    if from_day is not None:
        query = query.where(CapacityException.day >= from_day)
    if to_day is not None:
        query = query.where(CapacityException.day <= to_day)
    return [
        ExceptionRow(
            id=row.id,
            queue_id=row.queue_id,
            day=row.day,
            kind=row.kind,
            opens=row.opens,
            closes=row.closes,
            counters=row.counters,
            reason=row.reason,
        )
        for row in session.scalars(query.order_by(CapacityException.day))
    ]


def holidays(
    session: Session, *, from_day: date, to_day: date, province_code: str | None = None, provinces: Sequence[str] = ()
) -> list[HolidayRow]:
    """The holidays of the country, and of `province_code` and `provinces` if given, from the first to the last day."""
    keys = ["", *([province_code] if province_code else []), *provinces]
    found = session.scalars(
        select(Holiday)
        .where(Holiday.day.between(from_day, to_day), Holiday.withdrawn_at.is_(None), Holiday.province_key.in_(keys))
        .order_by(Holiday.day, Holiday.province_key)
    )
    return [_holiday_of(row) for row in found]


def holiday(session: Session, *, holiday_id: int) -> HolidayRow | None:
    """The holiday of this id, unless it was taken out."""
    found = session.get(Holiday, holiday_id)
    return None if found is None or found.withdrawn_at is not None else _holiday_of(found)


def _holiday_of(row: Holiday) -> HolidayRow:
    return HolidayRow(
        id=row.id,
        day=row.day,
        name=row.name,
        is_confirmed=row.is_confirmed,
        is_closed=row.is_closed,
        province_code=row.province_code,
    )


def grid(session: Session, *, office_id: int, from_day: date, days: int) -> list[GridCell]:
    """Every active queue of an office on each of so many days: planned, booked, held and free places.

    Three statements, however many days. A day with no opening at all has a cell of zeros that says it is closed.
    """
    to_day = from_day + timedelta(days=days - 1)
    names: dict[int, Localised] = {}
    exceptions: dict[tuple[int, date], tuple[ExceptionKind, str]] = {}
    province: str | None = None
    for queue_id, name, province_code, day, kind, reason in session.execute(
        select(
            Queue.id,
            Queue.name,
            Office.province_code,
            CapacityException.day,
            CapacityException.kind,
            CapacityException.reason,
        )
        .join(Office, Office.id == Queue.office_id)
        .outerjoin(
            CapacityException,
            and_(CapacityException.queue_id == Queue.id, CapacityException.day.between(from_day, to_day)),
        )
        .where(Queue.office_id == office_id, Queue.is_active.is_(True))
        .order_by(Queue.id)
    ):
        names[queue_id] = name
        province = province_code
        if kind:
            exceptions[queue_id, day] = (kind, reason)
    counts = _counts(session, list(names), from_day=from_day, to_day=to_day)
    off = {
        row.day: row.name
        for row in holidays(session, from_day=from_day, to_day=to_day, province_code=province)
        if row.is_closed
    }
    cells: list[GridCell] = []
    for queue_id, name in names.items():
        for day in (from_day + timedelta(days=n) for n in range(days)):
            exception = exceptions.get((queue_id, day))
            planned, taken, held, free = counts.get((queue_id, day), (0, 0, 0, 0))
            cells.append(
                GridCell(
                    queue_id=queue_id,
                    queue_name=name,
                    day=day,
                    capacity=planned,
                    booked=taken - held,
                    held=held,
                    free=free,
                    is_closed=planned == 0 or (exception is not None and exception[0] is ExceptionKind.CLOSED),
                    reason=exception[1] if exception else "",
                    holiday=off.get(day),
                )
            )
    return cells


def _counts(
    session: Session, queue_ids: list[int], *, from_day: date, to_day: date
) -> dict[tuple[int, date], tuple[int, int, int, int]]:
    """Planned, taken, held and free places of each queue and day that has slots."""
    these = (
        Slot.queue_id.in_(queue_ids),
        Slot.day.between(from_day, to_day),
        Slot.starts_at.between(*instants_around(from_day, to_day)),
    )
    held = (
        select(Hold.slot_id, func.count().label("held"))
        .join(Slot, Slot.id == Hold.slot_id)
        .where(*these)
        .group_by(Hold.slot_id)
        .subquery()
    )
    is_live = Slot.status == SlotStatus.LIVE
    found = session.execute(
        select(
            Slot.queue_id,
            Slot.day,
            func.coalesce(func.sum(Slot.planned).filter(is_live), 0),
            func.sum(Slot.capacity - Slot.remaining),
            func.coalesce(func.sum(held.c.held), 0),
            func.coalesce(func.sum(Slot.remaining).filter(is_live), 0),
        )
        .outerjoin(held, held.c.slot_id == Slot.id)
        .where(*these)
        .group_by(Slot.queue_id, Slot.day)
    )
    return {
        (queue_id, day): (int(planned), int(taken), int(holds), int(free))
        for queue_id, day, planned, taken, holds, free in found
    }
