"""Reading the places of the days of an office."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from desk.capacity.models import CapacityException, Queue, Slot, SlotStatus
from desk.capacity.queries import holidays
from desk.capacity.quotas import left_of_all, usable
from desk.capacity.rules import DayException, exception_of, instants_around
from desk.language.text import Localised
from desk.offices.models import Office
from desk.places.models import Claim
from desk.places.rows import GridCell
from desk.places.rules import ClaimKind
from desk.storage.upsert import table_of

_slots = table_of(Slot)


class _Places(NamedTuple):
    """The places of a queue on a day: planned, taken in any way, of these held, resting and set apart, and free."""

    planned: int
    taken: int
    held: int
    resting: int
    apart: int
    free: int


NOTHING = _Places(0, 0, 0, 0, 0, 0)


def grid(session: Session, *, office_id: int, from_day: date, days: int) -> list[GridCell]:
    """The places of every active queue of an office on each of `days` days.

    Three statements, however many days. A day without opening hours has a cell of zeros marked as closed.
    """
    to_day = from_day + timedelta(days=days - 1)
    names: dict[int, Localised] = {}
    exceptions: dict[tuple[int, date], DayException] = {}
    reasons: dict[tuple[int, date], str] = {}
    province: str | None = None
    for row in session.execute(
        select(
            Queue.id,
            Queue.name,
            Office.province_code,
            CapacityException.day,
            CapacityException.kind,
            CapacityException.hours,
            CapacityException.counters,
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
        names[row.id] = row.name
        province = row.province_code
        if row.kind:
            exceptions[row.id, row.day] = exception_of(row.kind, row.hours, row.counters)
            reasons[row.id, row.day] = row.reason
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
            places = counts.get((queue_id, day), NOTHING)
            cells.append(
                GridCell(
                    queue_id=queue_id,
                    queue_name=name,
                    day=day,
                    capacity=places.planned,
                    booked=places.taken - places.held - places.resting - places.apart,
                    held=places.held,
                    resting=places.resting,
                    apart=places.apart,
                    free=places.free,
                    is_closed=places.planned == 0 or (exception is not None and exception.is_closed),
                    reason=reasons.get((queue_id, day), ""),
                    holiday=off.get(day),
                    hours=exception.hours if exception else (),
                    counters=exception.counters if exception else None,
                )
            )
    return cells


def _counts(session: Session, queue_ids: list[int], *, from_day: date, to_day: date) -> dict[tuple[int, date], _Places]:
    """The places of each queue and day that has slots."""
    these = (
        Slot.queue_id.in_(queue_ids),
        Slot.day.between(from_day, to_day),
        Slot.starts_at.between(*instants_around(from_day, to_day)),
    )
    rests, is_apart = Claim.kind == ClaimKind.REST, Claim.kind == ClaimKind.SHARE
    held = (
        select(
            Claim.slot_id,
            func.count().filter(~rests, ~is_apart).label("held"),
            func.count().filter(rests).label("resting"),
            func.count().filter(is_apart).label("apart"),
        )
        .join(Slot, Slot.id == Claim.slot_id)
        .where(*these)
        .group_by(Claim.slot_id)
        .subquery()
    )
    is_live = Slot.status == SlotStatus.LIVE
    found = session.execute(
        select(
            Slot.queue_id,
            Slot.day,
            func.coalesce(func.sum(Slot.planned).filter(is_live), 0).label("planned"),
            func.sum(Slot.capacity - Slot.remaining).label("taken"),
            func.coalesce(func.sum(held.c.held), 0).label("held"),
            func.coalesce(func.sum(held.c.resting), 0).label("resting"),
            func.coalesce(func.sum(held.c.apart), 0).label("apart"),
            func.coalesce(func.sum(Slot.remaining).filter(is_live), 0).label("free"),
            left_of_all(_slots.c.queue_id, _slots.c.day).label("left"),
        )
        .outerjoin(held, held.c.slot_id == Slot.id)
        .where(*these)
        .group_by(Slot.queue_id, Slot.day)
    )
    return {
        (row.queue_id, row.day): _Places(
            int(row.planned),
            int(row.taken),
            int(row.held),
            int(row.resting),
            int(row.apart),
            usable(int(row.free), row.left),
        )
        for row in found
    }
