"""What offices took away of drawn places since the list was closed: such a place is offered to nobody."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from sqlalchemy import case, or_, select

from desk.capacity.models import Slot, SlotStatus
from desk.draws.kept_places import claims, give_back, kept_by
from desk.draws.rows import DrawRow
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_slots = table_of(Slot)
_ALL = 2**31 - 1


def give_up_taken_away(session: WriteSession, draw: DrawRow, *, now: datetime) -> int:
    """Give back the draw's places at starts that were closed, cut below what is taken, or are past; returns how many.

    Of a start with fewer counters so many stay with the draw as are left.
    """
    gone = or_(_slots.c.status != SlotStatus.LIVE, _slots.c.starts_at <= now)
    found = session.execute(
        select(
            claims.c.id.label("claim_id"),
            claims.c.slot_id,
            case((gone, _ALL), else_=_slots.c.capacity - _slots.c.planned).label("above"),
        )
        .join_from(claims, _slots, _slots.c.id == claims.c.slot_id)
        .where(kept_by(draw.id), or_(gone, _slots.c.capacity > _slots.c.planned))
        .order_by(claims.c.slot_id, claims.c.id.desc())
    ).all()
    lost = []
    for _, those in groupby(found, key=lambda each: each.slot_id):
        here = list(those)
        lost += here[: here[0].above]
    give_back(session, lost)
    return len(lost)
