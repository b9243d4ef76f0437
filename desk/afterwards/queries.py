"""Reading how many said what of the offices within a scope, without counts that could lead to somebody."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Date, Select, bindparam, func, select
from sqlalchemy.orm import Session

from desk.afterwards.models import TOLD_AND_SO, AfterCounts
from desk.afterwards.rows import OfficeAnswers
from desk.afterwards.rules import last_day_of
from desk.capacity.models import Queue
from desk.figures.models import DayFigures
from desk.offices.queries import all_offices
from desk.offices.reach import office_ids_within
from desk.organisation import Scope
from desk.storage.upsert import table_of

_counts, _figures, _queues = table_of(AfterCounts), table_of(DayFigures), table_of(Queue)
_COLUMNS = ("answered", *TOLD_AND_SO.values())


@lru_cache(maxsize=256)
def _said(scope: Scope) -> Select[Any]:
    return select(_counts.c.office_id, *(_counts.c[name] for name in _COLUMNS)).where(
        _counts.c.month == bindparam("month", type_=Date), office_ids_within(scope, _counts.c.office_id)
    )


@lru_cache(maxsize=256)
def _came(scope: Scope) -> Select[Any]:
    return (
        select(_queues.c.office_id, func.sum(_figures.c.came).label("came"))
        .join_from(_queues, _figures, _figures.c.queue_id == _queues.c.id)
        .where(
            _figures.c.day.between(bindparam("first", type_=Date), bindparam("last", type_=Date)),
            office_ids_within(scope, _queues.c.office_id),
        )
        .group_by(_queues.c.office_id)
    )


def answers_of_month(session: Session, *, scope: Scope, month: date) -> list[OfficeAnswers]:
    """The offices within `scope` where somebody came or answered in that month, in the order of lists for staff.

    Callers ask only for months that are final. Three statements.
    """
    said: dict[int, dict[str, int]] = {}
    for row in session.execute(_said(scope), {"month": month}).mappings():
        said[row["office_id"]] = {name: int(row[name]) for name in _COLUMNS}
    came: dict[int, int] = defaultdict(int)
    for row in session.execute(_came(scope), {"first": month, "last": last_day_of(month)}).mappings():
        came[row["office_id"]] += int(row["came"])
    return [
        OfficeAnswers.of(office, said.get(office.id, {}), came=came[office.id])
        for office in all_offices(session, scope=scope, active_only=False)
        if came[office.id] or office.id in said
    ]
