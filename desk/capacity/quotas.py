"""What is left of the quota that a service has on a day of a queue, as columns and conditions of a statement.

Where no quota is set, it costs one probe by the key of the queue and service.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, case, func, null, select
from sqlalchemy.orm import Session

from desk.capacity.models import QueueService, QuotaDay
from desk.storage.upsert import table_of

quota_days = table_of(QuotaDay)
_days, _bounds = quota_days.alias("of_day"), table_of(QueueService).alias("bounds")


def left_of(
    queue_id: ColumnElement[Any], service_id: ColumnElement[Any], day: ColumnElement[Any]
) -> ColumnElement[int | None]:
    """How many people more the queue takes for the service on the day; NULL = it has no quota there.

    Below zero where the quota was lowered under what is taken.
    """
    same_day = and_(_days.c.queue_id == _bounds.c.queue_id, _days.c.service_id == _bounds.c.service_id)
    return (
        select(_bounds.c.most_a_day - func.coalesce(_days.c.taken, 0))
        .select_from(_bounds.outerjoin(_days, and_(same_day, _days.c.day == day)))
        .where(_bounds.c.queue_id == queue_id, _bounds.c.service_id == service_id, _bounds.c.most_a_day.is_not(None))
        .correlate_except(_bounds, _days)  # also where the statement that asks is itself asked by another
        .scalar_subquery()
    )


def has_room(
    queue_id: ColumnElement[Any], service_id: ColumnElement[Any], day: ColumnElement[Any]
) -> ColumnElement[bool]:
    """Whether the quota leaves a place for one more on the day, or there is none.

    No condition of a booking, which may use a place of the quota that its chat holds already: taking one decides.
    """
    return func.coalesce(left_of(queue_id, service_id, day), 1) > 0


def left_of_all(queue_id: ColumnElement[Any], day: ColumnElement[Any]) -> ColumnElement[int | None]:
    """How many people more the queue takes on the day for all of its services together.

    NULL = for one of them without a bound, which may use all that is free.
    """
    left = _bounds.c.most_a_day - func.coalesce(_days.c.taken, 0)
    same_day = and_(_days.c.queue_id == _bounds.c.queue_id, _days.c.service_id == _bounds.c.service_id)
    unbound = func.sum(case((_bounds.c.most_a_day.is_(None), 1), else_=0))
    return (
        select(case((unbound > 0, null()), else_=func.sum(case((left > 0, left), else_=0))))
        .select_from(_bounds.outerjoin(_days, and_(same_day, _days.c.day == day)))
        .where(_bounds.c.queue_id == queue_id, _bounds.c.is_active.is_(True))
        .correlate_except(_bounds, _days)
        .scalar_subquery()
    )


def usable(free: int, left: int | None) -> int:
    """How many of these free places somebody can book where the quotas leave so many; None = no quota is in the way."""
    return free if left is None else max(0, min(free, left))


SERVICE = bindparam("service", type_=_bounds.c.service_id.type)
_DAYS = bindparam("days", expanding=True, type_=_days.c.day.type)
_QUEUES: BindParameter[Sequence[int]] = bindparam("queues", expanding=True)
_MOST: Select[*tuple[Any, ...]] = select(_bounds.c.queue_id, _bounds.c.service_id, _bounds.c.most_a_day).where(
    _bounds.c.queue_id.in_(_QUEUES), _bounds.c.most_a_day.is_not(None)
)
_TAKEN: Select[*tuple[Any, ...]] = select(*_days.c["queue_id", "service_id", "day", "taken"]).where(
    _days.c.queue_id.in_(_QUEUES), _days.c.day.in_(_DAYS)
)

Left = Mapping[tuple[int, int, date], int]
"""By queue, service and day; without those that have no quota."""


def left(session: Session, *, queue_ids: Collection[int], days: Collection[date]) -> Left:
    """How many people more these queues take on these days, for the services that have a quota there.

    One statement where none has.
    """
    bounds = session.execute(_MOST, {"queues": list(queue_ids)}).all() if queue_ids else []
    if not bounds:
        return {}
    queues = {row.queue_id for row in bounds}
    rows = session.execute(_TAKEN, {"queues": list(queues), "days": list(days)})
    taken = {(row.queue_id, row.service_id, row.day): row.taken for row in rows}
    return {
        (row.queue_id, row.service_id, day): row.most_a_day - taken.get((row.queue_id, row.service_id, day), 0)
        for row in bounds
        for day in days
    }
