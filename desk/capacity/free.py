"""Finding free slots by probes of the index of open slots: one probe per queue and day, never a scan.

The index `ix_slots_open` has the condition `is_open`; both planners use it only where that bare column is named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from desk.calendar import local_day_of
from desk.capacity.bookable import (
    BY_DRAW,
    GIVEN_HERE,
    LAST_OPEN,
    LAST_UNDRAWN,
    UNTIL,
    clauses,
    columns_of,
    window,
    within_window,
)
from desk.capacity.bookable import links as _serves
from desk.capacity.bookable import offices as _office
from desk.capacity.bookable import queues as _queue
from desk.capacity.bookable import services as _service
from desk.capacity.models import Slot
from desk.capacity.quotas import SERVICE, has_room, left_of
from desk.capacity.rows import FreeDay, FreeSlot
from desk.storage.upsert import table_of

_s = table_of(Slot).alias("s")
_is_open: ColumnElement[Any] = literal_column("s.is_open")
"""The bare flag: with `s.is_open = 1` SQLite would not use the partial index."""

# Statements are built once, with bind parameters: building one takes several times as long as running it.
_DAY = bindparam("day", type_=_s.c.day.type)
_LAST_DAY = bindparam("last_day", type_=_s.c.day.type)
_LIMIT = bindparam("limit", type_=Integer)
_OPENED = func.coalesce(LAST_OPEN, _LAST_DAY)
_UNDRAWN = case((BY_DRAW, _LAST_DAY), else_=func.coalesce(LAST_UNDRAWN, _LAST_DAY))
_LAST_OPEN = case((_OPENED < _UNDRAWN, _OPENED), else_=_UNDRAWN)
"""The last day that is asked for: a bound of the index, so that what is not open, or drawn, is not read either."""

# The conditions of a booking are used here too: no slot is offered that the booking would refuse.
_SERVES_IT = (_serves.c.service_id == bindparam("service"), *clauses(GIVEN_HERE))
_IN_WINDOW = clauses(within_window(_s))
_HAS_ROOM = has_room(_s.c.queue_id, SERVICE, _s.c.day)
_EVERY_QUEUE = (
    select(_queue.c.id, _queue.c.office_id)
    .join(_serves, _serves.c.queue_id == _queue.c.id)
    .join(_office, _office.c.id == _queue.c.office_id)
    .join(_service, _service.c.id == _serves.c.service_id)
    .where(*_SERVES_IT)
)
_OF_OFFICES = _queue.c.office_id.in_(bindparam("offices", expanding=True))
_QUEUES = _EVERY_QUEUE.where(_OF_OFFICES)
FIRST = (
    select(_s.c.starts_at)
    .where(
        _s.c.queue_id == _queue.c.id,
        _s.c.day.between(_DAY, _LAST_OPEN),
        _is_open,
        *_IN_WINDOW,
        has_room(_s.c.queue_id, _serves.c.service_id, _s.c.day),
    )
    .order_by(_s.c.day, _s.c.starts_at)
    .limit(1)
    .correlate(_queue, _office, _service, _serves)
    .scalar_subquery()
)
"""The first free start of the queue in the statement around it."""
_FIRST_COLUMNS = (FIRST.label("first"), _LAST_OPEN.label("last"))
_FIRST_OF_QUEUES = _QUEUES.add_columns(*_FIRST_COLUMNS)
_FIRST_OF_ALL = _EVERY_QUEUE.add_columns(*_FIRST_COLUMNS)
_SLOTS: Select[*tuple[Any, ...]] = (
    select(*columns_of(_s))
    .select_from(_s)
    .join(_queue, _queue.c.id == _s.c.queue_id)
    .join(_office, _office.c.id == _queue.c.office_id)
)
_OF_DAY = _SLOTS.where(
    _s.c.queue_id.in_(
        _QUEUES.with_only_columns(_queue.c.id).where(
            _DAY <= _LAST_OPEN, has_room(_queue.c.id, _serves.c.service_id, _DAY)
        )
    ),
    _is_open,
    _s.c.day == _DAY,
    *_IN_WINDOW,
    _OF_OFFICES,
).order_by(_s.c.starts_at, _s.c.remaining.desc(), _s.c.id)
AT_STARTS = (
    _SLOTS.join(_serves, _serves.c.queue_id == _queue.c.id)
    .join(_service, _service.c.id == _serves.c.service_id)
    .where(
        *_SERVES_IT,
        _OF_OFFICES,
        _is_open,
        _s.c.starts_at.in_(bindparam("starts", expanding=True)),
        _s.c.day.between(_DAY, _LAST_OPEN),
        _HAS_ROOM,
    )
)
"""The open slots of these offices that begin at one of these instants."""


def first_free(
    session: Session,
    *,
    service_id: int,
    office_ids: Sequence[int],
    after: datetime,
    now: datetime | None = None,
    by_office: bool = False,
    limit: int = 3,
) -> list[FreeSlot]:
    """The soonest free slots of a service at these offices, strictly after `after`, at most one for each start.

    Days that are not open yet, and those whose places are drawn, are for the office alone (`by_office`), which moves
    appointments to them. `now` = where slots are wanted later than now,
    the moment that says which days are open; None = `after`.

    Two statements: the first free slot of each queue, then a few from the queues that come first.
    """
    if not office_ids:
        return []
    firsts = first_of_queues(session, service_id, office_ids, after, now=now, by_office=by_office)
    soonest = _soonest_queues([(each.starts_at, each.queue_id) for each in firsts], limit=limit)
    if not soonest:
        return []
    asked = {"service": service_id, "limit": limit, **ahead(after, now=now, by_office=by_office)}
    for first in firsts:
        if first.queue_id in soonest:
            number = soonest.index(first.queue_id)
            asked[f"queue{number}"], asked[f"last{number}"] = first.queue_id, first.last
    found = session.execute(_first_slots(len(soonest)), asked)
    return _one_a_start(found)[:limit]


def _soonest_queues(queues: Collection[tuple[datetime, int]], *, limit: int) -> list[int]:
    """The queues that can contain the first `limit` starts: all that begin before the last of these, and one with it.

    The first `limit` queues alone would not do: where several begin at the same time, one behind them has the next.
    """
    starts = sorted({starts_at for starts_at, _ in queues})
    if len(starts) < limit:
        return [queue_id for _, queue_id in sorted(queues)]
    last = starts[limit - 1]
    before = [queue_id for starts_at, queue_id in sorted(queues) if starts_at < last]
    return [*before, min(queue_id for starts_at, queue_id in queues if starts_at == last)]


@cache
def _first_slots(queues: int) -> Select[Any]:
    """The statement that finds the first free slot of each of `queues` queues, one index probe each."""
    probes = [
        select(_s.c.id)
        .where(
            _s.c.queue_id == bindparam(f"queue{number}"),
            _s.c.day.between(_DAY, bindparam(f"last{number}", type_=_s.c.day.type)),
            _is_open,
            *_IN_WINDOW,
            _HAS_ROOM,
        )
        .order_by(_s.c.day, _s.c.starts_at)
        .limit(_LIMIT)
        .subquery()
        for number in range(queues)
    ]
    ids = union_all(*(select(probe.c.id) for probe in probes)).subquery()
    return _SLOTS.where(_s.c.id.in_(select(ids.c.id))).order_by(_s.c.starts_at, _s.c.id)


class FirstOfQueue(NamedTuple):
    """The first free start of a queue, and the last of its days that are open."""

    queue_id: int
    office_id: int
    starts_at: datetime
    last: date


def first_of_queues(
    session: Session,
    service_id: int,
    office_ids: Collection[int] | None,
    after: datetime,
    *,
    now: datetime | None = None,
    by_office: bool = False,
) -> list[FirstOfQueue]:
    """The first free start of every queue that has one, of these offices or (None) of all."""
    asked = {"service": service_id, **ahead(after, now=now, by_office=by_office)}
    if office_ids is None:
        found = session.execute(_FIRST_OF_ALL, asked)
    else:
        found = session.execute(_FIRST_OF_QUEUES, asked | {"offices": list(office_ids)})
    return [FirstOfQueue(*row) for row in found if row.first is not None]


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
    asked = {"service": service_id, "offices": [office_id], "limit": limit, **ahead(after), "day": start}
    found = session.execute(_free_days(), asked)
    by_day: dict[date, FreeDay] = {}
    for row in found:
        slot = FreeSlot(
            slot_id=row.slot_id,
            office_id=office_id,
            queue_id=row.queue_id,
            starts_at=row.starts_at,
            day=row.day,
            zone=row.zone,
            remaining=row.remaining,
        )
        other = by_day.get(row.day)
        if other is not None:
            slot = min(slot, other.first, key=lambda each: (each.starts_at, each.slot_id))
        here = int(row.free) if row.left is None else min(int(row.free), row.left)
        free = here + ((other.free or 0) if other else 0)
        by_day[row.day] = FreeDay(day=row.day, free=free, first=slot)
    return [by_day[day] for day in sorted(by_day)][:limit]


@cache
def _free_days() -> Select[Any]:
    in_queue = (_s.c.queue_id == _queue.c.id, _is_open, *_IN_WINDOW)
    first_day = (
        select(_s.c.day)
        .where(*in_queue, _s.c.day.between(_DAY, _LAST_OPEN), _HAS_ROOM)
        .order_by(_s.c.day, _s.c.starts_at)
        .limit(1)
        .correlate(_queue, _office, _service, _serves)
        .scalar_subquery()
    )
    days = (
        _QUEUES.with_only_columns(
            _queue.c.id.label("queue_id"),
            _office.c.zone.label("zone"),
            first_day.label("day"),
            literal(1).label("n"),
            _LAST_OPEN.label("last"),
        )
    ).cte("days", recursive=True)
    next_day = (
        select(_s.c.day)
        .where(
            _s.c.queue_id == days.c.queue_id,
            _is_open,
            _s.c.day > days.c.day,
            _s.c.day <= days.c.last,
            _s.c.starts_at <= UNTIL,
            _HAS_ROOM,
        )
        .order_by(_s.c.day, _s.c.starts_at)
        .limit(1)
        .correlate(days)
        .scalar_subquery()
    )
    days = days.union_all(
        select(days.c.queue_id, days.c.zone, next_day, days.c.n + 1, days.c.last).where(
            days.c.day.is_not(None), days.c.n < _LIMIT
        )
    )
    that_day = (
        _s.c.queue_id == days.c.queue_id,
        _s.c.day == days.c.day,
        _is_open,
        *_IN_WINDOW,
    )
    free = select(func.sum(_s.c.remaining)).where(*that_day).correlate(days).scalar_subquery()
    left = left_of(days.c.queue_id, SERVICE, days.c.day)
    id, starts_at, remaining = (
        select(column).where(*that_day).order_by(_s.c.starts_at).limit(1).correlate(days).scalar_subquery()
        for column in (_s.c.id, _s.c.starts_at, _s.c.remaining)
    )
    first = (id.label("slot_id"), starts_at.label("starts_at"), remaining.label("remaining"))
    return select(*days.c["day", "queue_id", "zone"], free.label("free"), left.label("left"), *first).where(
        days.c.day.is_not(None)
    )


def free_times(session: Session, *, service_id: int, office_id: int, day: date, after: datetime) -> list[FreeSlot]:
    """Every free time of one day at one office; where queues share a start, the one with most places. One statement."""
    asked = {"service": service_id, "offices": [office_id], **ahead(after), "day": day}
    return _one_a_start(session.execute(_OF_DAY, asked))


def all_free(session: Session, *, service_id: int, office_id: int, day: date, after: datetime) -> list[FreeSlot]:
    """Every open slot of one day at one office, also where queues share a start. One statement."""
    asked = {"service": service_id, "offices": [office_id], **ahead(after), "day": day}
    return [FreeSlot(**row._mapping) for row in session.execute(_OF_DAY, asked)]


def ahead(after: datetime, *, now: datetime | None = None, by_office: bool = False) -> dict[str, Any]:
    """The bounds of the booking window from `after` on, by the names of the statements' parameters; `now` as above."""
    asked: dict[str, Any] = window(now or after, by_office=by_office, by_draw=by_office) | {"after": after}
    last_day = local_day_of(asked["until"], zone="UTC").date + timedelta(days=1)
    return {**asked, "day": _earliest_day(after), "last_day": last_day}


def _earliest_day(after: datetime) -> date:
    # One day before the instant's UTC day covers every zone; at most a few index entries more are read.
    return local_day_of(after, zone="UTC").date - timedelta(days=1)


def _one_a_start(found: Iterable[Any]) -> list[FreeSlot]:
    slots: dict[datetime, FreeSlot] = {}
    for row in found:
        slot = FreeSlot(**row._mapping)
        slots.setdefault(slot.starts_at, slot)
    return list(slots.values())
