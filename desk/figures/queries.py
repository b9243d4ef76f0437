"""Reading the coming days of many offices: the strain of each, and the cells of some."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    FromClause,
    Select,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from desk.capacity.models import Queue, QueueService
from desk.figures.models import DayFigures
from desk.figures.of_services import FOR_SERVICE, FREE_FOR_SERVICE
from desk.figures.rows import DayOfOffice, OfficeStrain
from desk.figures.rules import ABSENCES, DAYS_AHEAD
from desk.offices.queries import all_offices
from desk.offices.reach import office_ids_within
from desk.offices.rows import OfficeRow
from desk.organisation import Scope
from desk.storage.upsert import table_of
from desk.waiting.at_offices import people_waiting

_figures, _queues, _links = table_of(DayFigures), table_of(Queue), table_of(QueueService)
_GIVEN = (_links.c.service_id == bindparam("service"), _links.c.is_active.is_(True))
_TODAY, _FIRST, _LAST = (bindparam(name, type_=Date) for name in ("today", "first", "last"))


def _sum(column: ColumnElement[int]) -> ColumnElement[int]:
    return func.coalesce(func.sum(column), 0)


def of_service(*, by_service: bool) -> list[ColumnElement[bool]]:
    """The condition that a queue serves `:service`; none where all services are meant."""
    return [_queues.c.id.in_(select(_links.c.queue_id).where(*_GIVEN))] if by_service else []


def _counted(*, by_service: bool) -> tuple[FromClause, ColumnElement[int], Sequence[ColumnElement[bool]]]:
    """The counted days with their queues, and what is free of them: for `:service` alone, or for whom ever."""
    if by_service:
        return _queues.join(FOR_SERVICE, _queues.c.id == _links.c.queue_id), FREE_FOR_SERVICE, _GIVEN
    return _queues.join(_figures, _figures.c.queue_id == _queues.c.id), _figures.c.free, ()


@lru_cache(maxsize=256)
def _strain(scope: Scope, *, by_service: bool) -> CompoundSelect[Any]:
    """A row for the coming days and one for the past days of each queue: so both databases read them in their order."""
    joined, free, given = _counted(by_service=by_service)
    these = (office_ids_within(scope, _queues.c.office_id), *given)
    ahead = (
        select(
            _queues.c.office_id,
            _sum(_figures.c.released).label("released"),
            _sum(_figures.c.taken).label("taken"),
            _sum(free).label("free"),
            literal(0).label("absent"),
            func.min(case((free > 0, _figures.c.day))).label("first_free"),
            func.min(_figures.c.counted_at).label("counted_at"),
        )
        .select_from(joined)
        .where(_figures.c.day.between(_TODAY, _LAST), *these)
        .group_by(_queues.c.id)
    )
    back = (
        select(
            _queues.c.office_id,
            *(literal(0) for _ in range(3)),
            _sum(_figures.c.absent),
            cast(null(), _figures.c.day.type),
            cast(null(), _figures.c.counted_at.type),
        )
        .select_from(joined)
        .where(_figures.c.day >= _FIRST, _figures.c.day < _TODAY, *these)
        .group_by(_queues.c.id)
    )
    return union_all(ahead, back)


@lru_cache(maxsize=2)
def _cells(*, by_service: bool) -> Select[Any]:
    joined, free, given = _counted(by_service=by_service)
    return (
        select(
            _queues.c.office_id,
            _figures.c.day,
            _sum(_figures.c.released).label("released"),
            _sum(_figures.c.taken).label("taken"),
            _sum(free).label("free"),
        )
        .select_from(joined)
        .where(
            _figures.c.day.between(_TODAY, _LAST),
            _queues.c.office_id.in_(bindparam("offices", expanding=True)),
            *given,
        )
        .group_by(_queues.c.office_id, _figures.c.day)
    )


def strain(
    session: Session,
    *,
    scope: Scope,
    offices: Sequence[OfficeRow] | None = None,
    province_code: str | None = None,
    service_id: int | None = None,
    today: date,
) -> list[OfficeStrain]:
    """The offices in use within `scope` with their next `DAYS_AHEAD` days added up, in the order of lists for staff.

    `offices` = these offices, where they were read already: then two statements, else three, however many there are.
    With `service_id` only offices that have a queue for it, and only such queues.
    """
    asked: dict[str, Any] = {
        "today": today,
        "first": today - timedelta(days=ABSENCES),
        "last": today + timedelta(days=DAYS_AHEAD - 1),
    }
    if service_id is not None:
        asked["service"] = service_id
    found: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(_strain(scope, by_service=service_id is not None), asked):
        found[row.office_id].append(row)
    if offices is None:
        offices = all_offices(session, scope=scope, active_only=True)
    waiting = people_waiting(session, offices=offices, service_id=service_id)
    return [
        OfficeStrain(
            office=office,
            released=sum(int(row.released) for row in rows),
            taken=sum(int(row.taken) for row in rows),
            free=sum(int(row.free) for row in rows),
            first_free=min((row.first_free for row in rows if row.first_free), default=None),
            absent=sum(int(row.absent) for row in rows),
            waiting=waiting[office.id],
            counted_at=min((row.counted_at for row in rows if row.counted_at), default=None),
        )
        for office in offices
        if province_code is None or office.province_code == province_code
        for rows in (found.get(office.id, []),)
        if rows or service_id is None
    ]


def cells(
    session: Session, *, office_ids: Collection[int], service_id: int | None = None, today: date
) -> dict[tuple[int, date], DayOfOffice]:
    """The coming days of these offices, by office and day; a day that was not counted is missing. One statement."""
    if not office_ids:
        return {}
    asked: dict[str, Any] = {
        "today": today,
        "last": today + timedelta(days=DAYS_AHEAD - 1),
        "offices": sorted(office_ids),
    }
    if service_id is not None:
        asked["service"] = service_id
    found = session.execute(_cells(by_service=service_id is not None), asked)
    return {
        (row.office_id, row.day): DayOfOffice(released=int(row.released), taken=int(row.taken), free=int(row.free))
        for row in found
    }
