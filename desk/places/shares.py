"""The places that an office sets apart, as claims: each stands for one place of a slot until it is used or opens.

The holder of an unused one says for whom it is: `desk:7` for slot 7. A used one of the desk becomes an appointment; a
used one for people without an appointment is held by another holder until it does, in the same transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import String, and_, bindparam, cast, delete, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from desk.capacity.bookable import (
    IN_USE,
    clauses,
    columns_of,
    links,
    may_be_booked,
    offices,
    queues,
    services,
    slots,
    window,
)
from desk.capacity.quotas import has_room
from desk.capacity.rows import FreeSlot
from desk.capacity.shares import Apart, Share
from desk.places.claims import claims
from desk.places.counting import give_back_quietly, take_apart
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession

IDS_AT_ONCE = 400
USED = "walk_in_used"
"""How the holder of a used place for people without an appointment begins."""


def holder_of(share: Share, slot_id: int) -> str:
    """The holder of the unused places of this share and slot."""
    return f"{share}:{slot_id}"


def used_holder(slot_id: int) -> str:
    """The holder of the places of a slot that were given out to people without an appointment."""
    return f"{USED}:{slot_id}"


_IS_SHARE = claims.c.kind == literal(ClaimKind.SHARE, claims.c.kind.type)
IS_UNUSED = and_(_IS_SHARE, ~claims.c.holder.startswith(f"{USED}:", autoescape=True))
"""A place that is set apart and that nobody has yet."""
_ITS_SLOT = cast(slots.c.id, String)
_IS_UNUSED_WALK_IN = claims.c.holder == literal(f"{Share.WALK_IN}:") + _ITS_SLOT
_LET_GO = (
    delete(claims)
    .where(_IS_SHARE, claims.c.holder.in_(bindparam("holders", expanding=True)))
    .returning(claims.c.slot_id)
)
_ONE = (
    select(claims.c.id)
    .where(_IS_SHARE, claims.c.holder == bindparam("of"))
    .order_by(claims.c.nth)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_FIRST_WALK_IN = (
    select(claims.c.id)
    .join_from(claims, slots, slots.c.id == claims.c.slot_id)
    .where(
        _IS_SHARE,
        _IS_UNUSED_WALK_IN,
        slots.c.queue_id == bindparam("queue"),
        slots.c.day == bindparam("day", type_=slots.c.day.type),
        slots.c.walk_in > 0,
        slots.c.starts_at > bindparam("after", type_=slots.c.starts_at.type),
    )
    .order_by(slots.c.starts_at, claims.c.nth)
    .limit(1)
    .with_for_update(of=claims, skip_locked=True)
    .scalar_subquery()
)
_USE_WALK_IN = (
    update(claims)
    .where(claims.c.id == _FIRST_WALK_IN, claims.c.holder.startswith(f"{Share.WALK_IN}:", autoescape=True))
    .values(holder=literal(f"{USED}:") + cast(claims.c.slot_id, String), expires_at=None)
    .returning(claims.c.id, claims.c.slot_id)
)
_AT_DESK = (
    select(*columns_of(slots), func.count(claims.c.id).label("own"))
    .select_from(slots)
    .join(queues, queues.c.id == slots.c.queue_id)
    .join(offices, offices.c.id == queues.c.office_id)
    .join(links, links.c.queue_id == queues.c.id)
    .join(services, services.c.id == links.c.service_id)
    .outerjoin(
        claims,
        and_(claims.c.slot_id == slots.c.id, _IS_SHARE, claims.c.holder == literal(f"{Share.DESK}:") + _ITS_SLOT),
    )
    .where(
        queues.c.office_id == bindparam("office"),
        links.c.service_id == bindparam("service"),
        or_(slots.c.desk > 0, and_(slots.c.is_open, slots.c.day == bindparam("day", type_=slots.c.day.type))),
        *clauses(may_be_booked(slots)),
        has_room(slots.c.queue_id, links.c.service_id, slots.c.day),
    )
    .group_by(*columns_of(slots))
    .order_by(slots.c.starts_at, slots.c.id)
)
_WALK_INS = (
    select(slots.c.queue_id, func.count().label("places"))
    .select_from(slots)
    .join(queues, queues.c.id == slots.c.queue_id)
    .join(offices, offices.c.id == queues.c.office_id)
    .join(links, links.c.queue_id == queues.c.id)
    .join(services, services.c.id == links.c.service_id)
    .join(claims, claims.c.slot_id == slots.c.id)
    .where(
        queues.c.office_id == bindparam("office"),
        links.c.service_id == bindparam("service"),
        slots.c.day == bindparam("day", type_=slots.c.day.type),
        slots.c.walk_in > 0,
        *clauses(may_be_booked(slots)),
        has_room(slots.c.queue_id, links.c.service_id, slots.c.day),
        _IS_SHARE,
        _IS_UNUSED_WALK_IN,
    )
    .group_by(slots.c.queue_id)
    .order_by(func.min(slots.c.starts_at), slots.c.queue_id)
)


_LEFT_OF_SLOT = (
    select(func.count())
    .where(claims.c.slot_id == slots.c.id, _IS_SHARE, _IS_UNUSED_WALK_IN)
    .correlate(slots)
    .scalar_subquery()
)
_WALK_INS_OF_DAY = (
    select(
        func.coalesce(func.sum(_LEFT_OF_SLOT), 0).label("left"),
        func.coalesce(func.sum(slots.c.walk_in), 0).label("apart"),
    )
    .select_from(slots)
    .join(queues, queues.c.id == slots.c.queue_id)
    .join(offices, offices.c.id == queues.c.office_id)
    .where(
        queues.c.office_id == bindparam("office"),
        *clauses((IN_USE,)),
        slots.c.day == bindparam("day", type_=slots.c.day.type),
        slots.c.walk_in > 0,
    )
)


class FreeAtDesk(NamedTuple):
    """A slot, whose `remaining` places are everybody's, and how many are free of those of the desk."""

    slot: FreeSlot
    own: int


class WalkIns(NamedTuple):
    """The places of an office and day for people without an appointment: those that are left, of so many."""

    left: int
    apart: int


class WalkInPlaces(NamedTuple):
    """How many places for people without an appointment a queue has left on a day."""

    queue_id: int
    places: int


def let_go(session: WriteSession, slot_ids: Sequence[int]) -> None:
    """Give back what is set apart of these slots and not used, before they are planned anew; nobody is told."""
    ids = sorted(slot_ids)
    for first in range(0, len(ids), IDS_AT_ONCE):
        some = ids[first : first + IDS_AT_ONCE]
        holders = [holder_of(share, slot_id) for slot_id in some for share in Share]
        gone = session.connection().execute(_LET_GO, {"holders": holders}).scalars().all()
        give_back_quietly(session, Counter(gone))


def take(session: WriteSession, slot_ids: Sequence[int], *, places: int, share: Apart) -> None:
    """Take so many free places of each of these slots, which the caller has locked, for the claims of its shares."""
    take_apart(session, slot_ids, places=places, desk=share.desk, walk_in=share.walk_in)


def claims_of(share: Share, *, slot_id: int, places: int, until: datetime, after: int) -> list[dict[str, object]]:
    """The rows of so many unused places, numbered after those that were given out."""
    row = {"kind": ClaimKind.SHARE, "slot_id": slot_id, "holder": holder_of(share, slot_id), "expires_at": until}
    return [row | {"nth": after + number} for number in range(1, places + 1)]


def write_claims(session: WriteSession, rows: Sequence[dict[str, object]]) -> None:
    """Insert such rows, whose places were taken before."""
    if rows:
        session.connection().execute(insert(claims), rows)


def of_desk(session: WriteSession, *, slot_id: int) -> int | None:
    """A claim of the desk on this slot that nobody else uses at this moment, to be settled; None = there is none."""
    found: int | None = session.connection().execute(_ONE, {"of": holder_of(Share.DESK, slot_id)}).scalar()
    return found


def free_at_desk(
    session: Session, *, service_id: int, office_id: int, day: date | None, after: datetime
) -> list[FreeAtDesk]:
    """The slots of an office with places of the desk, and on this day also those with places of everybody's.

    By the rule of a booking. One statement.
    """
    asked = {"office": office_id, "service": service_id, "day": day, **window(after)}
    found = [FreeAtDesk(FreeSlot(*row[:-1]), row.own) for row in session.execute(_AT_DESK, asked)]
    return [each for each in found if each.own or (each.slot.day == day and each.slot.remaining)]


def use_walk_in(session: WriteSession, *, queue_id: int, day: date, now: datetime) -> tuple[int, int] | None:
    """Take the day's next place for somebody without an appointment: its claim and its slot; None = there is none.

    Two at once get different ones. The caller books on it in the same transaction, which settles the claim.
    """
    asked = {"queue": queue_id, "day": day, "after": now}
    found = session.connection().execute(_USE_WALK_IN, asked).one_or_none()
    return None if found is None else (found.id, found.slot_id)


def walk_ins_left(
    session: Session, *, office_id: int, service_id: int, day: date, after: datetime
) -> list[WalkInPlaces]:
    """The queues that have places for people without an appointment left, that of the earliest first. One statement."""
    asked = {"office": office_id, "service": service_id, "day": day, **window(after)}
    return [WalkInPlaces._make(row) for row in session.execute(_WALK_INS, asked)]


def walk_ins(session: Session, *, office_id: int, day: date) -> WalkIns:
    """The places of an office and day for people without an appointment, for all of its services. One statement."""
    found = session.execute(_WALK_INS_OF_DAY, {"office": office_id, "day": day}).one()
    return WalkIns._make(map(int, found))  # PostgreSQL adds counts up to a decimal
