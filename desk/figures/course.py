"""Reading what became of the places of some offices, day by day and week by week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from desk.calendar import weekday_of
from desk.capacity.models import Queue
from desk.figures.models import DayFigures
from desk.figures.queries import of_service
from desk.offices.models import Office
from desk.offices.reach import offices_within
from desk.organisation import Scope
from desk.storage.upsert import table_of

_figures, _queues, _offices = table_of(DayFigures), table_of(Queue), table_of(Office)


@dataclass(frozen=True, slots=True)
class Course:
    """The places and people of one day or one week."""

    planned: int = 0
    released: int = 0
    booked: int = 0
    came: int = 0
    served: int = 0
    absent: int = 0

    def __add__(self, other: Course) -> Course:
        return Course(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Course)))


@dataclass(frozen=True, slots=True)
class Period:
    """A day, or some days of a week, with what became of its places."""

    first: date
    last: date
    course: Course


@lru_cache(maxsize=256)
def _course(scope: Scope, *, by_service: bool, by_province: bool, by_office: bool) -> Select[Any]:
    counts = (func.sum(_figures.c[each.name]).label(each.name) for each in fields(Course))
    found = (
        select(_figures.c.day, *counts)
        .join_from(_figures, _queues, _queues.c.id == _figures.c.queue_id)
        .join(_offices, _offices.c.id == _queues.c.office_id)
        .where(
            _figures.c.day.between(bindparam("first"), bindparam("last")),
            offices_within(scope),
            *of_service(by_service=by_service),
        )
        .group_by(_figures.c.day)
        .order_by(_figures.c.day)
    )
    if by_province:
        found = found.where(_offices.c.province_code == bindparam("province"))
    return found.where(_offices.c.id == bindparam("office")) if by_office else found


def course(
    session: Session,
    *,
    scope: Scope,
    province_code: str | None = None,
    office_id: int | None = None,
    service_id: int | None = None,
    first: date,
    last: date,
) -> list[Period]:
    """The days from `first` to `last` that were counted, for all offices within `scope` or some. One statement."""
    asked: dict[str, Any] = {"first": first, "last": last}
    given = {"province": province_code, "office": office_id, "service": service_id}
    asked |= {name: value for name, value in given.items() if value is not None}
    statement = _course(
        scope,
        by_service=service_id is not None,
        by_province=province_code is not None,
        by_office=office_id is not None,
    )
    return [
        Period(row.day, row.day, Course(*(int(getattr(row, each.name)) for each in fields(Course))))
        for row in session.execute(statement, asked)
    ]


def by_week(days: Sequence[Period]) -> list[Period]:
    """The same added up by week, from Saturday on; a week that has only begun holds the days there are."""
    weeks: dict[date, Period] = {}
    for day in days:
        saturday = day.first - timedelta(days=weekday_of(day.first))
        before = weeks.get(saturday)
        weeks[saturday] = (
            day if before is None else Period(before.first, max(before.last, day.last), before.course + day.course)
        )
    return [weeks[saturday] for saturday in sorted(weeks)]
