"""The statements that take and give back a place; every count of a slot changes here and in `capacity.planning` only.

`remaining` and `is_open` always change together, because the partial index stands on the flag (performance 2e).
"""

from __future__ import annotations

from sqlalchemy import Connection, and_, bindparam, case, update

from desk.capacity.models import Slot, SlotStatus
from desk.capacity.refusals import SlotTaken
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

slots = table_of(Slot)

_TAKE = (
    update(slots)
    .where(slots.c.id == bindparam("slot"), slots.c.remaining > 0, slots.c.status == SlotStatus.LIVE)
    .values(remaining=slots.c.remaining - 1, is_open=slots.c.remaining > 1)
)

_CONFIRM = (
    update(slots)
    .where(slots.c.id == bindparam("slot"), slots.c.status == SlotStatus.LIVE)
    .values(remaining=slots.c.remaining)
)

# A place above the plan is not sold again: there the capacity shrinks instead.
_is_above_plan = slots.c.capacity > slots.c.planned
_GIVE_BACK = (
    update(slots)
    .where(slots.c.id == bindparam("slot"), slots.c.remaining < slots.c.capacity)
    .values(
        capacity=slots.c.capacity - case((_is_above_plan, 1), else_=0),
        remaining=slots.c.remaining + case((_is_above_plan, 0), else_=1),
        is_open=and_(slots.c.status == SlotStatus.LIVE, slots.c.remaining + case((_is_above_plan, 0), else_=1) > 0),
    )
)


def take_place(session: WriteSession, *, slot_id: int) -> None:
    """Take one place. The guard in the statement decides between rivals; raises SlotTaken where none is left."""
    if not took(session.connection(), slot_id=slot_id):
        raise SlotTaken(slot_id=slot_id)


def took(connection: Connection, *, slot_id: int) -> bool:
    """Whether a place could be taken; nothing has changed where not."""
    return connection.execute(_TAKE, {"slot": slot_id}).rowcount == 1


def confirm_place(session: WriteSession, *, slot_id: int) -> None:
    """Make sure that a place held until now may be used, locking out a closing; raises SlotTaken where it is closed."""
    if session.connection().execute(_CONFIRM, {"slot": slot_id}).rowcount != 1:
        raise SlotTaken(slot_id=slot_id)


def give_back(session: WriteSession, *, slot_id: int) -> None:
    """Give one taken place back; the caller has made sure, in this transaction, that it was theirs."""
    if session.connection().execute(_GIVE_BACK, {"slot": slot_id}).rowcount != 1:
        raise RuntimeError(f"slot {slot_id} has no place to give back")
