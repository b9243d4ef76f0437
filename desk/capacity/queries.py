"""Reading queues, rules, exceptions and holidays for staff, and the offices without any slot ahead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desk.capacity.bookable import slot, slot_now
from desk.capacity.elsewhere import soonest_elsewhere
from desk.capacity.free import first_free, free_days, free_times
from desk.capacity.models import (
    CapacityException,
    Holiday,
    OpeningRule,
    Queue,
    QueueService,
    Slot,
    SlotStatus,
)
from desk.capacity.opening import next_opening
from desk.capacity.rows import ExceptionRow, HolidayRow, QueueRow, RuleRow
from desk.capacity.rules import exception_of
from desk.capacity.shares import Shares
from desk.catalogue.models import Service
from desk.language.text import Localised
from desk.offices.queries import all_offices
from desk.offices.rows import OfficeRow
from desk.organisation import Scope
from desk.storage.upsert import table_of

__all__ = [
    "exceptions_of",
    "first_free",
    "free_days",
    "free_times",
    "holiday",
    "holidays",
    "next_opening",
    "offices_without_times",
    "queues_of",
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


def offices_without_times(session: Session, *, scope: Scope, now: datetime) -> list[OfficeRow]:
    """The active offices within `scope` with no slot ahead, free or taken: nobody can book there."""
    have = set(session.scalars(_WITH_TIMES, {"now": now}))
    return [office for office in all_offices(session, scope=scope, active_only=True) if office.id not in have]


def queues_of(session: Session, *, office_id: int) -> list[QueueRow]:
    """The queues of an office with the services they are tied to, also those that are withheld from the office."""
    links: dict[int, list[int]] = {}
    one_visit: dict[int, list[Localised]] = {}
    for queue_id, service_id, title, is_per_household in session.execute(
        select(QueueService.queue_id, QueueService.service_id, Service.short_title, Service.is_per_household)
        .join(Queue, Queue.id == QueueService.queue_id)
        .join(Service, Service.id == QueueService.service_id)
        .where(Queue.office_id == office_id, QueueService.is_tied.is_(True))
        .order_by(QueueService.service_id)
    ):
        links.setdefault(queue_id, []).append(service_id)
        if is_per_household:
            one_visit.setdefault(queue_id, []).append(title)
    queues = session.execute(
        select(
            *(Queue.id, Queue.name, Queue.is_active),
            *(Queue.desk_share, Queue.walk_in_share, Queue.desk_hours, Queue.walk_in_hours),
        )
        .where(Queue.office_id == office_id)
        .order_by(Queue.id)
    )
    return [
        QueueRow(
            id=row.id,
            office_id=office_id,
            name=row.name,
            is_active=row.is_active,
            service_ids=tuple(links.get(row.id, ())),
            shares=Shares.of(row),
            per_household=tuple(one_visit.get(row.id, ())),
        )
        for row in queues
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
            hours=exception_of(row.kind, row.hours, row.counters).hours,
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
    """The holiday of this id; None where it was withdrawn."""
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
