"""The places that are kept until it is decided who of those who wait is offered them, as the decision reads them."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from desk.capacity.models import Queue, Slot, SlotStatus
from desk.capacity.rules import TIME_TO_COME, WINDOW
from desk.offices.models import Office
from desk.periods import USUAL_REST
from desk.places.models import Claim
from desk.places.resting import resting_until
from desk.places.rules import ClaimKind
from desk.storage.upsert import table_of
from desk.waiting.offer_rules import ROUND_WITHIN
from desk.waiting.rounds import was_offered

_claims, _slots, _queues, _offices = (table_of(model) for model in (Claim, Slot, Queue, Office))


class KeptPlace(NamedTuple):
    """A kept place, where and when it is."""

    claim_id: int
    slot_id: int
    starts_at: datetime
    minutes: int
    day: date
    queue_id: int
    office_id: int
    zone: str
    is_usable: bool
    """Its start is open and not above its plan, at an office and a queue in use."""
    holder: str

    def rests_until(self, *, now: datetime) -> datetime | None:
        """Until when the place rests that somebody was offered before; None = it is everybody's at once.

        Somebody who let an offer go, having told a friend of it, could else take it in the friend's chat. Near its
        start it must still be used.
        """
        if not was_offered(self.holder) or self.starts_at - now <= ROUND_WITHIN:
            return None
        return resting_until(self.starts_at, rest=USUAL_REST, now=now)

    def can_be_offered(self, *, told_at: datetime, now: datetime) -> bool:
        """Whether somebody can still be told of it, answer, and come."""
        return self.is_usable and self.starts_at >= told_at + TIME_TO_COME and self.starts_at <= now + WINDOW


_KEPT = (
    select(
        _claims.c.id,
        _claims.c.slot_id,
        *_slots.c["starts_at", "minutes", "day", "queue_id"],
        _queues.c.office_id,
        _offices.c.zone,
        and_(
            _slots.c.status == SlotStatus.LIVE,
            _slots.c.capacity <= _slots.c.planned,
            _queues.c.is_active,
            _offices.c.is_active,
        ),
        _claims.c.holder,
    )
    .join_from(_claims, _slots, _slots.c.id == _claims.c.slot_id)
    .join(_queues, _queues.c.id == _slots.c.queue_id)
    .join(_offices, _offices.c.id == _queues.c.office_id)
    .where(_claims.c.kind == ClaimKind.KEPT)
    .order_by(_slots.c.day, _slots.c.queue_id, _slots.c.starts_at, _claims.c.id)
    .limit(bindparam("most"))
    .with_for_update(of=_claims, skip_locked=True)
)


def kept_places(session: Session, *, limit: int) -> list[KeptPlace]:
    """Kept places that no other process decides about, locked, those of a queue and day together."""
    return [KeptPlace._make(row) for row in session.execute(_KEPT, {"most": limit})]
