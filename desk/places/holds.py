"""Holds: the claim on a place that a conversation has while the person answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.acting import Actor
from desk.capacity.bookable import require_bookable
from desk.conversations import limits
from desk.conversations.actions import require_chat
from desk.conversations.rules import CounterKind
from desk.places import claims
from desk.places.refusals import KeptLongEnough
from desk.places.rules import KEEP, REST_FROM_KEEPING, ClaimKind
from desk.storage.base import WriteSession


def hold(
    session: WriteSession,
    *,
    actor: Actor,
    slot_id: int,
    service_id: int | None = None,
    now: datetime,
    keep: timedelta = KEEP,
) -> datetime:
    """Hold a place of `slot_id` for this conversation until the returned instant; its earlier hold is released.

    However often it is renewed, and for whichever slots, holding ends LONGEST_KEPT after the first hold. With
    `service_id` the refusals of a booking are raised here already.

    Raises NotBookable, ServiceNotOffered, SlotTaken, SlotPassed, TooFarAhead or KeptLongEnough; the earlier hold is
    then as before.
    """
    conversation_id = require_chat(actor)
    require_bookable(session, slot_id=slot_id, service_id=service_id, now=now)
    with session.begin_nested():
        series = limits.note(session, conversation_id=conversation_id, kind=CounterKind.HOLDING, now=now)
        expires_at = min(now + keep, series.ends_at - REST_FROM_KEEPING) if series is not None else now
        if expires_at <= now:
            raise KeptLongEnough(slot_id=slot_id)
        claims.take_instead(
            session,
            kind=ClaimKind.HOLD,
            slot_ids=[slot_id],
            conversation_id=conversation_id,
            expires_at=expires_at,
        )
    return expires_at


def let_go(session: WriteSession, *, actor: Actor) -> list[int]:
    """Delete the conversation's holds and return their slots; the caller gives the places back or uses them."""
    return list(claims.let_go(session, kind=ClaimKind.HOLD, conversation_id=require_chat(actor)))


def release(session: WriteSession, *, actor: Actor) -> bool:
    """Release the conversation's hold; returns whether there was one."""
    return claims.release(session, kind=ClaimKind.HOLD, conversation_id=require_chat(actor))
