"""Claims on places: a set is taken all or none, one is settled by a booking, all of an owner are released.

A claim is one place of a slot. A booking deletes it: the appointment then holds the place itself, so a booking needs
one row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, delete, insert, select

from desk.capacity.actions import materialise
from desk.capacity.refusals import QuotaUsedUp, SlotTaken
from desk.capacity.rules import SlotStatus
from desk.places import quotas
from desk.places.counting import confirm_place, slots, swap_places, take_places
from desk.places.models import Claim
from desk.places.rules import MOST, ClaimKind
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_many_if_new, table_of

claims = table_of(Claim)

# Built once: building a statement takes several times as long as running it.
_OF_KIND = claims.c.kind == bindparam("of_kind", type_=claims.c.kind.type)
_PLACE = claims.c["slot_id", "counts_for"]
_LET_GO_BY_CHAT = delete(claims).where(claims.c.conversation_id == bindparam("chat"), _OF_KIND).returning(*_PLACE)
_LET_GO_BY_HOLDER = delete(claims).where(claims.c.holder == bindparam("of_holder"), _OF_KIND).returning(*_PLACE)
_SETTLE = delete(claims).where(claims.c.id == bindparam("claim")).returning(*claims.c)
# What is kept for those who wait, or drawn, is decided by its subject, and then given to everybody or to one.
_EXPIRED = and_(
    claims.c.expires_at <= bindparam("now", type_=claims.c.expires_at.type),
    claims.c.kind.not_in((ClaimKind.KEPT, ClaimKind.DRAWN)),
)
_OLDEST = (
    select(claims.c.id)
    .where(_EXPIRED)
    .order_by(claims.c.expires_at, claims.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("oldest")
)
_LET_GO_EXPIRED = delete(claims).where(claims.c.id.in_(select(_OLDEST.c.id)), _EXPIRED).returning(*_PLACE)
_REMOVED = (
    select(slots.c.queue_id, slots.c.day)
    .where(
        slots.c.id.in_(bindparam("slots", expanding=True)),
        slots.c.status == SlotStatus.CLOSED,
        slots.c.starts_at > bindparam("now", type_=slots.c.starts_at.type),
    )
    .distinct()
)


class HeldPlace(NamedTuple):
    """The place of a claim that was let go."""

    slot_id: int
    counts_for: int | None


def claim(
    session: WriteSession,
    *,
    kind: ClaimKind,
    slot_ids: Sequence[int],
    conversation_id: int | None = None,
    holder: str | None = None,
    expires_at: datetime | None = None,
    counts_for: Mapping[int, int] | None = None,
) -> None:
    """Take a place of each slot for a chat or another holder, all or none; a slot given twice takes two places.

    Earlier claims of this kind and owner are released first. `counts_for` = for which service each slot counts whose
    queue has a quota for it. Raises SlotTaken or QuotaUsedUp, and then everything is as before.
    """
    with session.begin_nested():
        take_instead(
            session,
            kind=kind,
            slot_ids=slot_ids,
            conversation_id=conversation_id,
            holder=holder,
            expires_at=expires_at,
            counts_for=counts_for,
        )


def take_instead(
    session: WriteSession,
    *,
    kind: ClaimKind,
    slot_ids: Sequence[int],
    conversation_id: int | None = None,
    holder: str | None = None,
    expires_at: datetime | None = None,
    counts_for: Mapping[int, int] | None = None,
) -> None:
    """`claim` for a caller with a savepoint, which it must roll back where this raises SlotTaken or QuotaUsedUp."""
    counts = counts_for or {}
    if len(slot_ids) > MOST.get(kind, len(slot_ids)):
        raise ValueError(f"{len(slot_ids)} places at once are more than a {kind} may be")
    before = let_go(session, kind=kind, conversation_id=conversation_id, holder=holder)
    new_ones = [quotas.OfQuota(slot_id, counts[slot_id]) for slot_id in slot_ids if slot_id in counts]
    quotas.swap(session, given_back=counted_of(before), taken=new_ones)
    swap_places(session, given_back=[each.slot_id for each in before], taken=slot_ids)
    new = insert_many_if_new(session, Claim)
    owner = {"conversation_id": conversation_id, "holder": holder}
    for nth, slot_id in enumerate(sorted(slot_ids), start=1):
        row = {"kind": kind, "slot_id": slot_id, "nth": nth, "expires_at": expires_at, **owner}
        row["counts_for"] = counts.get(slot_id)
        if session.connection().execute(new, row).rowcount != 1:
            # Another message of the same owner took places at this moment; its claims stand.
            raise SlotTaken(slot_id=slot_id)


def let_go(
    session: WriteSession, *, kind: ClaimKind, conversation_id: int | None = None, holder: str | None = None
) -> Sequence[HeldPlace]:
    """Delete the owner's claims and return their places; the caller must give them back or use them, also what they
    count for."""
    if conversation_id is not None:
        gone = session.connection().execute(_LET_GO_BY_CHAT, {"chat": conversation_id, "of_kind": kind})
    else:
        gone = session.connection().execute(_LET_GO_BY_HOLDER, {"of_holder": holder, "of_kind": kind})
    return [HeldPlace._make(row) for row in gone]


def counted_of(held: Iterable[HeldPlace]) -> list[quotas.OfQuota]:
    """Those of these places that count for a quota."""
    return [quotas.OfQuota(each.slot_id, each.counts_for) for each in held if each.counts_for is not None]


def settle(
    session: WriteSession,
    *,
    claim_id: int | None,
    slot_id: int,
    counts_for: int | None = None,
    is_offered: bool = False,
) -> None:
    """Make a place of this slot an appointment's: the claimed one, as it was read, else a free one.

    A claim on another slot is given back for a place of this one. With `counts_for` the place counts for the quota of
    that service, `is_offered` as in `quotas.swap`. Raises SlotTaken where the slot is closed or full, and QuotaUsedUp;
    the claim is then as before.
    """
    found = None if claim_id is None else session.connection().execute(_SETTLE, {"claim": claim_id}).one_or_none()
    counted = None if found is None else found.counts_for
    is_alike = counted == counts_for and (counted is None or found is None or found.slot_id == slot_id)
    try:
        # Most have no quota, and of the others most were held: a savepoint would cost two more round trips per booking.
        with nullcontext() if is_alike else session.begin_nested():
            if not is_alike:
                given_back = [] if found is None else counted_of([HeldPlace(found.slot_id, counted)])
                taken = quotas.counted([slot_id], service_id=counts_for)
                quotas.swap(session, given_back=given_back, taken=taken, is_offered=is_offered)
            if found is None:  # there was no claim, or it expired and was freed after it was read
                take_places(session, slot_id=slot_id)
            elif found.slot_id == slot_id:
                confirm_place(session, slot_id=slot_id)
            else:
                with session.begin_nested():
                    swap_places(session, given_back=[found.slot_id], taken=[slot_id])
    except (SlotTaken, QuotaUsedUp):
        if found is not None:
            session.connection().execute(insert(claims).values(**found._mapping))
        raise


def release(
    session: WriteSession, *, kind: ClaimKind, conversation_id: int | None = None, holder: str | None = None
) -> bool:
    """Release the owner's claims; returns whether there were any."""
    held = let_go(session, kind=kind, conversation_id=conversation_id, holder=holder)
    give_back(session, held)
    return bool(held)


def give_back(session: WriteSession, held: Sequence[HeldPlace], *, to_everybody: bool = False) -> None:
    """Give back the places of claims that were let go, and what they count for; `to_everybody` as in `swap_places`."""
    quotas.swap(session, given_back=counted_of(held), is_quiet=to_everybody)
    swap_places(session, given_back=[each.slot_id for each in held], to_everybody=to_everybody)


def release_expired(session: WriteSession, *, now: datetime, limit: int = 200) -> int:
    """Free expired claims of every kind but KEPT and DRAWN, oldest first; returns their number.

    Two workers free each one once. Where one was of a removed start, the starts that overlap it get back the counter
    that was kept for it.
    """
    held = [HeldPlace._make(row) for row in session.connection().execute(_LET_GO_EXPIRED, {"now": now, "most": limit})]
    give_back(session, held)
    slot_ids = [each.slot_id for each in held]
    if slot_ids:
        removed: dict[int, set[date]] = defaultdict(set)
        for queue_id, day in session.connection().execute(_REMOVED, {"slots": list(set(slot_ids)), "now": now}):
            removed[queue_id].add(day)
        for queue_id in sorted(removed):
            materialise(session, queue_id=queue_id, days=sorted(removed[queue_id]), now=now)
    return len(slot_ids)
