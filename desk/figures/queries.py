"""Reading the coming days of many offices: the strain of each, and the cells of some."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from desk.capacity.models import Queue, QueueService
from desk.figures.models import DayFigures
from desk.figures.rows import DayOfOffice, OfficeStrain
from desk.figures.rules import ABSENCES, DAYS_AHEAD
from desk.offices.queries import all_offices
from desk.offices.reach import office_ids_within
from desk.organisation import Scope
from desk.storage.upsert import table_of

_figures, _queues, _links = table_of(DayFigures), table_of(Queue), table_of(QueueService)
_TODAY = bindparam("today", type_=Date)
_IS_AHEAD = _figures.c.day >= _TODAY


def _sum(column: ColumnElement[int]) -> ColumnElement[int]:
    return func.coalesce(func.sum(column), 0)


def _ahead(column: ColumnElement[int]) -> ColumnElement[int]:
    return _sum(case((_IS_AHEAD, column), else_=0))


def of_service(*, by_service: bool) -> list[ColumnElement[bool]]:
    """The condition that a queue serves `:service`; none where all services are meant."""
    serves = and_(_links.c.service_id == bindparam("service"), _links.c.is_active.is_(True))
    return [_queues.c.id.in_(select(_links.c.queue_id).where(serves))] if by_service else []


@lru_cache(maxsize=256)
def _strain(scope: Scope, *, by_service: bool) -> Select[Any]:
    return (
        select(
            _queues.c.office_id,
            _ahead(_figures.c.released).label("released"),
            _ahead(_figures.c.taken).label("taken"),
            _ahead(_figures.c.free).label("free"),
            func.min(case((and_(_IS_AHEAD, _figures.c.free > 0), _figures.c.day))).label("first_free"),
            _sum(case((_IS_AHEAD, 0), else_=_figures.c.absent)).label("absent"),
            func.min(case((_figures.c.day == _TODAY, _figures.c.counted_at))).label("counted_at"),
        )
        .join_from(_figures, _queues, _queues.c.id == _figures.c.queue_id)
        .where(
            _figures.c.day.between(bindparam("first"), bindparam("last")),
            office_ids_within(scope, _queues.c.office_id),
            *of_service(by_service=by_service),
        )
        .group_by(_queues.c.office_id)
    )


@lru_cache(maxsize=2)
def _cells(*, by_service: bool) -> Select[Any]:
    return (
        select(
            _queues.c.office_id,
            _figures.c.day,
            _sum(_figures.c.released).label("released"),
            _sum(_figures.c.taken).label("taken"),
            _sum(_figures.c.free).label("free"),
        )
        .join_from(_figures, _queues, _queues.c.id == _figures.c.queue_id)
        .where(
            _figures.c.day.between(_TODAY, bindparam("last")),
            _queues.c.office_id.in_(bindparam("offices", expanding=True)),
            *of_service(by_service=by_service),
        )
        .group_by(_queues.c.office_id, _figures.c.day)
    )


def strain(
    session: Session, *, scope: Scope, province_code: str | None = None, service_id: int | None = None, today: date
) -> list[OfficeStrain]:
    """The offices in use within `scope` with their next `DAYS_AHEAD` days added up, in the order of lists for staff.

    Two statements, however many offices. With `service_id` only offices that have a queue for it, and only such queues.
    """
    asked: dict[str, Any] = {
        "today": today,
        "first": today - timedelta(days=ABSENCES),
        "last": today + timedelta(days=DAYS_AHEAD - 1),
    }
    if service_id is not None:
        asked["service"] = service_id
    found = {row.office_id: row for row in session.execute(_strain(scope, by_service=service_id is not None), asked)}
    return [
        OfficeStrain(
            office=office,
            released=int(row.released) if row else 0,
            taken=int(row.taken) if row else 0,
            free=int(row.free) if row else 0,
            first_free=row.first_free if row else None,
            absent=int(row.absent) if row else 0,
            counted_at=row.counted_at if row else None,
        )
        for office in all_offices(session, scope=scope, active_only=True)
        if province_code is None or office.province_code == province_code
        for row in (found.get(office.id),)
        if row or service_id is None
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
