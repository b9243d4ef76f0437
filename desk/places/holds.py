"""Holds: the claim on a place that a conversation has while the person answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import Executable, bindparam, exists, literal

from desk.acting import Actor
from desk.capacity.bookable import require_bookable
from desk.conversations.actions import require_chat
from desk.conversations.allowing import allowed
from desk.conversations.limits import ChatCount, Counting, counting
from desk.conversations.rules import SPANS, USUAL, ChatLimits, CounterKind, LimitKind
from desk.places import claims
from desk.places.refusals import HeldTooOften, KeptLongEnough
from desk.places.rules import KEEP, REST_FROM_KEEPING, ClaimKind
from desk.storage.base import WriteSession


def hold(
    session: WriteSession,
    *,
    actor: Actor,
    slot_id: int,
    others: Sequence[int] = (),
    service_id: int | None = None,
    limits: ChatLimits = USUAL,
    now: datetime,
    keep: timedelta = KEEP,
) -> datetime:
    """Hold a place of `slot_id` for this conversation until the returned instant; its earlier hold is released.

    For a household also a place of each of `others`, all or none; a slot given twice is held twice.

    However often it is renewed, and for whichever slots, holding ends LONGEST_KEPT after the first hold. Each
    place of a slot that is not only held on counts towards
    `limits.holds`. With `service_id` the refusals of a booking are raised here already.

    Raises NotBookable, ServiceNotOffered, SlotTaken, QuotaUsedUp, SlotPassed, TooFarAhead, KeptLongEnough or
    HeldTooOften; the earlier hold is then as before.
    """
    conversation_id = require_chat(actor)
    wanted = [slot_id, *others]
    counts_for = {}
    for each in sorted(set(wanted)):
        if require_bookable(session, slot_id=each, service_id=service_id, now=now) and service_id is not None:
            counts_for[each] = service_id
    with session.begin_nested():
        series: dict[CounterKind, ChatCount] = {}
        for each in wanted:
            series |= _count(session, conversation_id=conversation_id, slot_id=each, now=now)
        expires_at = min(now + keep, series[CounterKind.HOLDING].ends_at - REST_FROM_KEEPING)
        if expires_at <= now:
            raise KeptLongEnough(slot_id=slot_id)
        if CounterKind.HOLDS in series and series[CounterKind.HOLDS].times > limits.holds:
            most = allowed(session, conversation_id=conversation_id, kind=LimitKind.HOLDS, limits=limits, now=now)
            if series[CounterKind.HOLDS].times > most:
                raise HeldTooOften(slot_id=slot_id, most=most)
        claims.take_instead(
            session,
            kind=ClaimKind.HOLD,
            slot_ids=wanted,
            conversation_id=conversation_id,
            expires_at=expires_at,
            counts_for=counts_for,
        )
    return expires_at


def _count(session: WriteSession, *, conversation_id: int, slot_id: int, now: datetime) -> dict[CounterKind, ChatCount]:
    """Count a hold of the chat, for how long it holds at all and, where it does not hold this slot yet, for how often.

    One statement, which locks the counts: of two holds at once the second sees the first.
    """
    found = session.connection().execute(
        _count_hold(session.get_bind().dialect.name),
        {
            "of": conversation_id,
            "slot": slot_id,
            "now": now,
            **{f"ends_{kind.value}": now + SPANS[kind] for kind in (CounterKind.HOLDING, CounterKind.HOLDS)},
        },
    )
    return {row.kind: ChatCount(row.times, row.ends_at) for row in found}


@lru_cache(maxsize=2)
def _count_hold(dialect: str) -> Executable:
    held = claims.claims
    is_held = exists().where(
        held.c.conversation_id == bindparam("of"),
        held.c.kind == literal(ClaimKind.HOLD, held.c.kind.type),
        held.c.slot_id == bindparam("slot"),
    )
    return counting(dialect, Counting(CounterKind.HOLDING), Counting(CounterKind.HOLDS, unless=is_held))


def let_go(session: WriteSession, *, actor: Actor) -> Sequence[claims.HeldPlace]:
    """Delete the conversation's holds and return their places; the caller gives them back or uses them."""
    return claims.let_go(session, kind=ClaimKind.HOLD, conversation_id=require_chat(actor))


def release(session: WriteSession, *, actor: Actor) -> bool:
    """Release the conversation's hold; returns whether there was one."""
    return claims.release(session, kind=ClaimKind.HOLD, conversation_id=require_chat(actor))
