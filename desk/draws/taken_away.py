"""What offices took away of drawn places since the list was closed: such a place is offered to nobody."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from sqlalchemy import case, delete, or_, select

from desk.capacity.models import Slot, SlotStatus
from desk.draws.rows import DrawRow
from desk.places.counting import swap_places
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.waiting.rounds import holder_of_draw

_claims, _slots = table_of(Claim), table_of(Slot)
_ALL = 2**31 - 1


def give_up_taken_away(session: WriteSession, draw: DrawRow, *, now: datetime) -> int:
    """Give back the draw's places at starts that were closed, cut below what is taken, or are past; returns how many.

    Of a start with fewer counters so many stay with the draw as are left.
    """
    gone = or_(_slots.c.status != SlotStatus.LIVE, _slots.c.starts_at <= now)
    found = session.execute(
        select(
            _claims.c.id,
            _claims.c.slot_id,
            case((gone, _ALL), else_=_slots.c.capacity - _slots.c.planned).label("above"),
        )
        .join_from(_claims, _slots, _slots.c.id == _claims.c.slot_id)
        .where(
            _claims.c.kind == ClaimKind.DRAWN,
            _claims.c.holder.startswith(holder_of_draw(draw.id), autoescape=True),
            or_(gone, _slots.c.capacity > _slots.c.planned),
        )
        .order_by(_claims.c.slot_id, _claims.c.id.desc())
    ).all()
    lost = []
    for _, those in groupby(found, key=lambda each: each.slot_id):
        here = list(those)
        lost += here[: here[0].above]
    ids = [each.id for each in lost]
    for first in range(0, len(ids), 400):
        session.connection().execute(delete(_claims).where(_claims.c.id.in_(ids[first : first + 400])))
    swap_places(session, given_back=[each.slot_id for each in lost])
    return len(lost)
