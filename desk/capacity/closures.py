"""What a changed day does to turns that were already booked: who is hit, and closing a holiday everywhere at once."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Boolean, Integer, column, exists, select, table, update

from desk.capacity.models import CapacityException, ExceptionKind, Queue, Slot, SlotStatus
from desk.capacity.rules import instants_around
from desk.offices.models import Office
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

slots = table_of(Slot)

# Appointments stand on this subject, so their table is named here, not imported: who is hit is told by its ids alone.
_turns = table("appointments", column("id", Integer), column("slot_id", Integer), column("is_live", Boolean))


def turns_without_a_time(
    session: WriteSession, *, day: date, queue_id: int | None = None, now: datetime
) -> tuple[int, ...]:
    """Ids of the live turns still ahead whose slot on `day` is closed, in order of time."""
    query = (
        select(_turns.c.id)
        .join(slots, slots.c.id == _turns.c.slot_id)
        .where(
            _turns.c.is_live.is_(True),
            slots.c.day == day,
            slots.c.status == SlotStatus.CLOSED,
            slots.c.starts_at > now,
            slots.c.starts_at.between(*instants_around(day, day)),
        )
        .order_by(slots.c.starts_at, _turns.c.id)
    )
    if queue_id is not None:
        query = query.where(slots.c.queue_id == queue_id)
    return tuple(session.scalars(query))


def close_holiday(session: WriteSession, *, day: date, province_code: str | None, now: datetime) -> None:
    """Close that day's slots of the country or a province, except where an office set its own hours for the day."""
    queues = select(Queue.id).join(Office, Office.id == Queue.office_id)
    if province_code is not None:
        queues = queues.where(Office.province_code == province_code)
    has_own_hours = exists().where(
        CapacityException.queue_id == slots.c.queue_id,
        CapacityException.day == day,
        CapacityException.kind == ExceptionKind.HOURS,
        CapacityException.opens.is_not(None),
    )
    session.connection().execute(
        update(slots)
        .where(
            slots.c.day == day,
            slots.c.starts_at > now,
            slots.c.starts_at.between(*instants_around(day, day)),
            slots.c.queue_id.in_(queues.scalar_subquery()),
            ~has_own_hours,
        )
        .values(
            planned=0,
            capacity=slots.c.capacity - slots.c.remaining,
            remaining=0,
            status=SlotStatus.CLOSED,
            is_open=False,
        )
    )
