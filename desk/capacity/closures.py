"""Whose turns stand without a time after a day was changed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Boolean, Integer, column, select, table

from desk.capacity.models import Queue, Slot, SlotStatus
from desk.capacity.rules import instants_around
from desk.offices.models import Office
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

slots = table_of(Slot)

# Appointments stand on this subject, so their table is named here, not imported: who is hit is told by its ids alone.
_turns = table("appointments", column("id", Integer), column("slot_id", Integer), column("is_live", Boolean))


def turns_without_a_time(
    session: WriteSession, *, day: date, queue_id: int | None = None, province_code: str | None = None, now: datetime
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
    if province_code is not None:
        of_province = select(Queue.id).join(Office, Office.id == Queue.office_id)
        query = query.where(slots.c.queue_id.in_(of_province.where(Office.province_code == province_code)))
    return tuple(session.scalars(query))
