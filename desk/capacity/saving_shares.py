"""The action that says how many places of a queue are set apart; the days ahead follow in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.capacity.asking import require_queue
from desk.capacity.bookable import queues, slots
from desk.capacity.freed import places_freed
from desk.capacity.models import Queue
from desk.capacity.planning import refill
from desk.capacity.shares import Shares
from desk.capacity.standing_rules import keep_queue
from desk.events import actions as events
from desk.events.reacting import setting_apart
from desk.events.rules import values_of
from desk.storage.base import WriteSession

SHARES = ("desk_share", "walk_in_share", "desk_hours", "walk_in_hours")
"""The columns of a queue that say it, as the history names them."""
IDS_AT_ONCE = 400
_SHARES = select(*(queues.c[name] for name in SHARES)).where(queues.c.id == bindparam("queue"))

_AHEAD = (
    slots.c.queue_id == bindparam("queue"),
    slots.c.starts_at > bindparam("now", type_=slots.c.starts_at.type),
)
_IS_APART = or_(slots.c.desk > 0, slots.c.walk_in > 0)
_APART = select(slots.c.id).where(*_AHEAD, _IS_APART).order_by(slots.c.id)
_ONLY_USED = (
    update(slots)
    .where(slots.c.id.in_(bindparam("these", expanding=True)))
    .values(desk=bindparam("for_desk"), walk_in=bindparam("for_walk_in"))
)
_DAYS = select(slots.c.day).where(*_AHEAD, slots.c.is_open).distinct().order_by(slots.c.day)


def shares_of(session: Session, *, queue_id: int) -> Shares:
    """The shares of a queue. Raises LookupError."""
    found = session.execute(_SHARES, {"queue": queue_id}).one_or_none()
    if found is None:
        raise LookupError(f"no queue {queue_id}")
    return Shares.of(found)


def set_shares(session: WriteSession, *, queue_id: int, shares: Shares, actor: Actor, now: datetime) -> None:
    """Set places of the queue apart from now on; nobody loses an appointment by it.

    A larger share takes what is free at this moment; what a smaller one gives up goes to those who wait, else to
    everybody. Raises OutOfReach.
    """
    office_id = require_queue(session, actor, queue_id=queue_id)
    keep_queue(session, queue_id)
    shares_before = shares_of(session, queue_id=queue_id)
    if shares_before == shares:
        return
    queue = session.get_one(Queue, queue_id, populate_existing=True)
    before = values_of(queue, *SHARES)
    queue.desk_share, queue.walk_in_share = shares.desk, shares.walk_in
    queue.desk_hours, queue.walk_in_hours = shares.desk_hours, shares.walk_in_hours
    session.flush()
    after = values_of(queue, *SHARES)
    if shares_before.hours != shares.hours:  # what is set apart is so until another moment: all of it is made anew
        apart = session.connection().execute(_APART, {"queue": queue_id, "now": now}).scalars().all()
        setting_apart().let_go(session, apart)
        _keep_only_used(session, apart)
    refill(session, queue_id=queue_id, now=now)
    for day in session.connection().execute(_DAYS, {"queue": queue_id, "now": now}).scalars().all():
        places_freed(session, queue_id=queue_id, office_id=office_id, day=day)
    events.note(
        session,
        actor=actor,
        kind="shares.set",
        subject=f"queue:{queue_id}",
        office_id=office_id,
        old=before,
        new=after,
        now=now,
    )


def _keep_only_used(session: WriteSession, slot_ids: Sequence[int]) -> None:
    """Note of these slots, whose unused places were let go, what is used of each share: that stays set apart."""
    used = setting_apart().used(session, slot_ids)
    alike: dict[tuple[int, int], list[int]] = defaultdict(list)
    for slot_id in slot_ids:
        alike[used.get(slot_id, (0, 0))].append(slot_id)
    for (desk, walk_in), ids in sorted(alike.items()):
        for first in range(0, len(ids), IDS_AT_ONCE):
            some = {"these": ids[first : first + IDS_AT_ONCE], "for_desk": desk, "for_walk_in": walk_in}
            session.connection().execute(_ONLY_USED, some)
