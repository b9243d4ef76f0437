"""Keeping a place for one conversation while it answers, and freeing it again."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, insert, select

from desk.capacity.bookable import require_bookable
from desk.capacity.refusals import SlotTaken
from desk.conversations.actions import note_keeping
from desk.places.counting import confirm_place, give_back, take_place
from desk.places.models import Hold
from desk.places.refusals import KeptLongEnough
from desk.places.rules import KEEP, LONGEST_KEPT, REST_FROM_KEEPING
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_many_if_new, table_of

holds = table_of(Hold)

# Built once: building a statement anew takes several times as long as running it.
_LET_GO = delete(holds).where(holds.c.conversation_id == bindparam("conversation")).returning(holds.c.slot_id)
_SPEND = (
    delete(holds)
    .where(holds.c.conversation_id == bindparam("conversation"), holds.c.slot_id == bindparam("slot"))
    .returning(*holds.c)
)


def hold(
    session: WriteSession,
    *,
    conversation_id: int,
    slot_id: int,
    service_id: int | None = None,
    now: datetime,
    keep: timedelta = KEEP,
) -> datetime:
    """Keep a place of `slot_id` for this conversation until the returned instant; its earlier hold is given up.

    However often it is renewed, and for whichever places, that ends LONGEST_KEPT after the first. With `service_id`
    also what only a booking would refuse is refused here, before anybody waits for it.

    Raises NotBookable, ServiceNotOffered, SlotTaken, SlotPassed, TooFarAhead or KeptLongEnough, and then the earlier
    hold stands as before.
    """
    require_bookable(session, slot_id=slot_id, service_id=service_id, now=now)
    with session.begin_nested():
        since = note_keeping(session, conversation_id=conversation_id, over=LONGEST_KEPT + REST_FROM_KEEPING, now=now)
        expires_at = min(now + keep, since + LONGEST_KEPT)
        if expires_at <= now:
            raise KeptLongEnough(slot_id=slot_id)
        before = let_go(session, conversation_id=conversation_id)
        exchange_places(session, given_back=before, taken=slot_id)
        new = insert_many_if_new(session, Hold, unique=("conversation_id",))
        row = {"conversation_id": conversation_id, "slot_id": slot_id, "expires_at": expires_at}
        if session.connection().execute(new, row).rowcount != 1:
            # Another message of the same chat took a hold in this very moment; that one stands.
            raise SlotTaken(slot_id=slot_id)
    return expires_at


def let_go(session: WriteSession, *, conversation_id: int) -> int | None:
    """Delete the conversation's hold and return its slot, whose place the caller now has to give back or to use."""
    return session.connection().execute(_LET_GO, {"conversation": conversation_id}).scalar_one_or_none()


def spend(session: WriteSession, *, conversation_id: int | None, held: int | None, slot_id: int) -> None:
    """Take a place of `slot_id` for good: the one the conversation holds (`held`, as it was read), else a free one.

    Its hold is over then, on whichever slot it was. Raises SlotTaken, and then everything stands as before.
    """
    if held is None or conversation_id is None:
        take_place(session, slot_id=slot_id)
        return
    if held != slot_id:
        with session.begin_nested():
            exchange_places(session, given_back=let_go(session, conversation_id=conversation_id), taken=slot_id)
        return
    found = session.connection().execute(_SPEND, {"conversation": conversation_id, "slot": slot_id}).one_or_none()
    if found is None:  # it ran out and was freed since it was read
        take_place(session, slot_id=slot_id)
        return
    try:
        confirm_place(session, slot_id=slot_id)
    except SlotTaken:
        session.connection().execute(insert(holds).values(**found._mapping))
        raise


def exchange_places(session: WriteSession, *, given_back: int | None, taken: int) -> None:
    """Take a place and give another back, the smaller slot id first, so that two rivals never lock each other out.

    Where both are the same, the place changes hands as it is. Raises SlotTaken where the wanted slot is full or closed.
    """
    if given_back == taken:
        confirm_place(session, slot_id=taken)
        return
    if given_back is not None and given_back < taken:
        give_back(session, slot_id=given_back)
        take_place(session, slot_id=taken)
        return
    take_place(session, slot_id=taken)
    if given_back is not None:
        give_back(session, slot_id=given_back)


def release(session: WriteSession, *, conversation_id: int) -> bool:
    """Give up the conversation's hold, if it has one."""
    slot_id = let_go(session, conversation_id=conversation_id)
    if slot_id is None:
        return False
    give_back(session, slot_id=slot_id)
    return True


def release_expired(session: WriteSession, *, now: datetime, limit: int = 200) -> int:
    """Free the places whose time ran out, oldest first; how many. Two workers at once free each of them once."""
    oldest = select(holds.c.conversation_id).where(holds.c.expires_at <= now).order_by(holds.c.expires_at).limit(limit)
    gone = (
        delete(holds)
        .where(holds.c.conversation_id.in_(oldest.scalar_subquery()), holds.c.expires_at <= now)
        .returning(holds.c.slot_id)
    )
    freed = Counter(session.connection().execute(gone).scalars().all())
    for slot_id in sorted(freed):
        for _ in range(freed[slot_id]):
            give_back(session, slot_id=slot_id)
    return freed.total()
