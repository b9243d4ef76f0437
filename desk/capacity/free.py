"""Finding free times by probing the index of open slots: one probe for each queue and day, never a scan of slots.

The index `ix_slots_open` stands on the flag `is_open`; both planners use it only where that bare column is named.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, literal, literal_column, select, union_all
from sqlalchemy.orm import Session, aliased

from desk.calendar import local_day_of
from desk.capacity.models import Queue, QueueService, Slot, SlotStatus
from desk.capacity.rows import Elsewhere, FreeDay, FreeSlot
from desk.offices.models import Office
from desk.offices.offering import offers
from desk.offices.queries import active_offices, nearest, offices_by_id
from desk.values import GeoPoint

NEAR_ENOUGH = 10
"""How many of the nearest offices are looked at for the soonest time."""

_Slot = aliased(Slot, name="s")
_is_open: ColumnElement[Any] = literal_column("s.is_open")
"""The bare flag: `s.is_open = 1` would keep SQLite from using the partial index."""

_COLUMNS = (_Slot.id, Queue.office_id, _Slot.queue_id, _Slot.starts_at, _Slot.day, Office.zone, _Slot.remaining)


def slot_now(session: Session, *, slot_id: int) -> FreeSlot | None:
    """One slot as it stands, free or not; `remaining` 0 where it is taken or closed."""
    remaining = case((_Slot.is_open.is_(True), _Slot.remaining), else_=0)
    found = session.execute(
        _slots().with_only_columns(*_COLUMNS[:-1], remaining).where(_Slot.id == slot_id)
    ).one_or_none()
    return None if found is None else FreeSlot(*found)


def slot(session: Session, *, slot_id: int, after: datetime) -> FreeSlot | None:
    """A slot by its id as long as it lies after `after` and is not closed; full ones too, since a hold may be on it."""
    found = session.execute(
        _slots().where(_Slot.id == slot_id, _Slot.starts_at > after, _Slot.status == SlotStatus.LIVE)
    ).one_or_none()
    return None if found is None else FreeSlot(*found)


def first_free(
    session: Session, *, service_id: int, office_ids: Sequence[int], after: datetime, limit: int = 3
) -> list[FreeSlot]:
    """The soonest free times of a service at these offices, strictly after `after`, at most one for each start.

    Two statements: the first free slot of each queue, then a few from the queues that come first.
    """
    if not office_ids:
        return []
    queues = [(starts, queue_id) for queue_id, _, starts in _first_of_queues(session, service_id, office_ids, after)]
    soonest = [queue_id for _, queue_id in sorted(queues)[:limit]]
    if not soonest:
        return []
    probes = [_probe(queue_id, after=after, limit=limit).subquery() for queue_id in soonest]
    ids = union_all(*(select(probe.c.id) for probe in probes)).subquery()
    found = session.execute(_slots().where(_Slot.id.in_(select(ids.c.id))).order_by(_Slot.starts_at, _Slot.id))
    return _one_a_start(found.all())[:limit]


def _first_of_queues(
    session: Session, service_id: int, office_ids: Sequence[int], after: datetime
) -> list[tuple[int, int, datetime]]:
    """Queue, office and first free start of every queue that has one."""
    first = (
        select(_Slot.starts_at)
        .where(_Slot.queue_id == Queue.id, _Slot.day >= _earliest_day(after), _is_open, _Slot.starts_at > after)
        .order_by(_Slot.day, _Slot.starts_at)
        .limit(1)
        .correlate(Queue)
        .scalar_subquery()
    )
    found = session.execute(_queues(service_id, office_ids).add_columns(first.label("first")))
    return [(queue_id, office_id, starts_at) for queue_id, office_id, starts_at in found if starts_at is not None]


def free_days(
    session: Session,
    *,
    service_id: int,
    office_id: int,
    after: datetime,
    limit: int = 6,
    from_day: date | None = None,
) -> list[FreeDay]:
    """The next days with a free time, from `from_day` on: a loose index scan, a few probes a day. One statement."""
    start = max(from_day, _earliest_day(after)) if from_day else _earliest_day(after)
    in_queue = (_Slot.queue_id == Queue.id, _is_open, _Slot.starts_at > after)
    first_day = (
        select(_Slot.day)
        .where(*in_queue, _Slot.day >= start)
        .order_by(_Slot.day, _Slot.starts_at)
        .limit(1)
        .correlate(Queue)
        .scalar_subquery()
    )
    days = (
        _queues(service_id, [office_id])
        .join(Office, Office.id == Queue.office_id)
        .with_only_columns(
            Queue.id.label("queue_id"), Office.zone.label("zone"), first_day.label("day"), literal(1).label("n")
        )
        .cte("days", recursive=True)
    )
    next_day = (
        select(_Slot.day)
        .where(_Slot.queue_id == days.c.queue_id, _is_open, _Slot.day > days.c.day)
        .order_by(_Slot.day, _Slot.starts_at)
        .limit(1)
        .correlate(days)
        .scalar_subquery()
    )
    days = days.union_all(
        select(days.c.queue_id, days.c.zone, next_day, days.c.n + 1).where(days.c.day.is_not(None), days.c.n < limit)
    )
    that_day = (_Slot.queue_id == days.c.queue_id, _Slot.day == days.c.day, _is_open, _Slot.starts_at > after)
    free = select(func.sum(_Slot.remaining)).where(*that_day).correlate(days).scalar_subquery()
    id, starts_at, remaining = (
        select(column).where(*that_day).order_by(_Slot.starts_at).limit(1).correlate(days).scalar_subquery()
        for column in (_Slot.id, _Slot.starts_at, _Slot.remaining)
    )
    found = session.execute(
        select(days.c.day, free, id, days.c.queue_id, starts_at, days.c.zone, remaining).where(days.c.day.is_not(None))
    )
    by_day: dict[date, FreeDay] = {}
    for day, places, slot_id, queue_id, starts, zone, left in found:
        slot = FreeSlot(slot_id, office_id, queue_id, starts, day, zone, left)
        other = by_day.get(day)
        if other is not None:
            slot = min(slot, other.first, key=lambda each: (each.starts_at, each.slot_id))
        by_day[day] = FreeDay(day=day, free=int(places) + ((other.free or 0) if other else 0), first=slot)
    return [by_day[day] for day in sorted(by_day)][:limit]


def free_times(
    session: Session, *, service_id: int, office_id: int, day: date, after: datetime, limit: int = 48
) -> list[FreeSlot]:
    """The free times of one day at one office; where queues share a start, the one with most places. One statement."""
    queue_ids = _queues(service_id, [office_id]).with_only_columns(Queue.id)
    found = session.execute(
        _slots()
        .where(
            _Slot.queue_id.in_(queue_ids),
            _is_open,
            _Slot.day == day,
            _Slot.starts_at > after,
            Queue.office_id == office_id,
            Office.id == office_id,
        )
        .order_by(_Slot.starts_at, _Slot.remaining.desc(), _Slot.id)
        .limit(limit * 4)
    )
    return _one_a_start(found.all())[:limit]


def soonest_elsewhere(
    session: Session,
    *,
    service_id: int,
    near: GeoPoint | None,
    province_code: str | None,
    except_office: int | None,
    after: datetime,
    limit: int = 3,
) -> list[Elsewhere]:
    """The soonest free time of other offices, one each: of the nearest ones, else of the province, else of all."""
    if near is not None:
        near_by = nearest(session, point=near, service_id=service_id, limit=NEAR_ENOUGH + 1)
        distance: dict[int, float | None] = {office.id: km for office, km in near_by}
    else:
        where = [] if province_code is None else [Office.province_code == province_code]
        offices = active_offices(session, offers(service_id), *where)
        distance = {office.id: None for office in offices}
    distance.pop(except_office or 0, None)
    if not distance:
        return []
    firsts: dict[int, datetime] = {}
    for _, office_id, starts_at in _first_of_queues(session, service_id, list(distance), after):
        firsts[office_id] = min(starts_at, firsts.get(office_id, starts_at))
    soonest = sorted(firsts, key=lambda office_id: (firsts[office_id], distance[office_id] or 0.0, office_id))[:limit]
    rows = offices_by_id(session, office_ids=soonest)
    slots: dict[int, FreeSlot] = {}
    if soonest:
        found = session.execute(
            _slots()
            .join(QueueService, QueueService.queue_id == Queue.id)
            .where(
                QueueService.service_id == service_id,
                QueueService.is_active.is_(True),
                Queue.is_active.is_(True),
                Queue.office_id.in_(soonest),
                _is_open,
                _Slot.starts_at.in_([firsts[office_id] for office_id in soonest]),
                _Slot.day >= _earliest_day(after),
            )
        )
        for row in found:
            slot = FreeSlot(*row)
            if slot.starts_at == firsts[slot.office_id]:
                slots.setdefault(slot.office_id, slot)
    return [
        Elsewhere(office=rows[office_id], slot=slots[office_id], km=distance[office_id])
        for office_id in soonest
        if office_id in slots
    ]


def _earliest_day(after: datetime) -> date:
    # A day earlier than the instant's own in UTC covers every zone; the index then starts a few rows too soon at most.
    return local_day_of(after, zone="UTC").date - timedelta(days=1)


def _queues(service_id: int, office_ids: Collection[int]) -> Select[int, int]:
    return (
        select(Queue.id, Queue.office_id)
        .join(QueueService, QueueService.queue_id == Queue.id)
        .where(
            QueueService.service_id == service_id,
            QueueService.is_active.is_(True),
            Queue.is_active.is_(True),
            Queue.office_id.in_(office_ids),
        )
    )


def _slots() -> Select[int, int, int, datetime, date, str, int]:
    return (
        select(*_COLUMNS)
        .select_from(_Slot)
        .join(Queue, Queue.id == _Slot.queue_id)
        .join(Office, Office.id == Queue.office_id)
    )


def _probe(queue_id: int, *, after: datetime, limit: int) -> Select[int]:
    return (
        select(_Slot.id)
        .where(_Slot.queue_id == queue_id, _Slot.day >= _earliest_day(after), _is_open, _Slot.starts_at > after)
        .order_by(_Slot.day, _Slot.starts_at)
        .limit(limit)
    )


def _one_a_start(found: Sequence[Row[int, int, int, datetime, date, str, int]]) -> list[FreeSlot]:
    slots: dict[datetime, FreeSlot] = {}
    for row in found:
        slot = FreeSlot(*row)
        slots.setdefault(slot.starts_at, slot)
    return list(slots.values())
