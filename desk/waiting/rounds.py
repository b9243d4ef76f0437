"""Rounds: the places that are on offer, as claims; one statement settles each, and it is settled once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, exists, select, update

from desk.outbox.actions import drop
from desk.places import quotas
from desk.places.claims import HeldPlace, counted_of
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.waiting.models import Offer, OfferRound, StandingRequest
from desk.waiting.rules import OfferState

rounds, offers, _claims = table_of(OfferRound), table_of(Offer), table_of(Claim)
_requests = table_of(StandingRequest)
_LIVE = select(offers.c.id, offers.c.round_id).where(offers.c.request_id == bindparam("request"), offers.c.is_live)
_LOCK = select(rounds.c.id).where(rounds.c.id == bindparam("round")).with_for_update()
_SETTLE = (
    update(rounds)
    .where(rounds.c.id == bindparam("round"), rounds.c.is_open)
    .values(is_open=False, taken_by=bindparam("offer"))
)
_END = (
    update(offers)
    .where(offers.c.id == bindparam("offer"), offers.c.is_live)
    .values(state=bindparam("to", type_=offers.c.state.type), is_live=False, over_at=bindparam("now"))
)
_KEEP_ON = (
    update(_claims)
    .where(_claims.c.kind == ClaimKind.OFFER, _claims.c.holder == bindparam("of"))
    .values(kind=ClaimKind.KEPT, counts_for=None)
)
_COUNTED = select(*_claims.c["slot_id", "counts_for"]).where(
    _claims.c.kind == ClaimKind.OFFER, _claims.c.holder == bindparam("of"), _claims.c.counts_for.is_not(None)
)
_DRAW = select(rounds.c.draw_id).where(rounds.c.id == bindparam("round"))
_DRAWN_ON = (
    update(_claims)
    .where(_claims.c.kind == ClaimKind.OFFER, _claims.c.holder == bindparam("of"))
    .values(kind=ClaimKind.DRAWN, holder=bindparam("by"))
)
"""The places of a draw go to the next in its order, not in the line."""
_ON_OFFER = (
    select(rounds.c.id, rounds.c.day)
    .where(rounds.c.is_open, rounds.c.queue_id == bindparam("queue"), rounds.c.service_id == bindparam("service"))
    .order_by(rounds.c.day, rounds.c.id)
)
_COUNT = (
    update(_claims)
    .where(_claims.c.kind == ClaimKind.OFFER, _claims.c.holder == bindparam("of"), _claims.c.counts_for.is_(None))
    .values(counts_for=bindparam("counted", type_=_claims.c.counts_for.type))
)
_LOOK_AGAIN = update(_requests).where(_requests.c.id == bindparam("request")).values(looked_until=None)


def about(offer_id: int) -> str:
    """What messages about this offer carry as `about`."""
    return f"offer:{offer_id}"


def holder(round_id: int) -> str:
    """The holder of the claims of this round."""
    return f"round:{round_id}"


def holder_of_draw(draw_id: int) -> str:
    """What the holders of all claims of a draw begin with: those that nobody is offered at this moment."""
    return f"draw:{draw_id}:"


def was_offered(of: str) -> bool:
    """Whether a claim with this holder belonged to a round."""
    return of.startswith("round:")


def settle(session: WriteSession, *, round_id: int, offer_id: int | None) -> bool:
    """End the round: for this offer, or for nobody. False = it was settled before; only one of two gets True."""
    return session.connection().execute(_SETTLE, {"round": round_id, "offer": offer_id}).rowcount == 1


def lock(session: WriteSession, *, round_id: int) -> None:
    """Let others that end an offer of this round wait: of two at once the second sees that it is the last."""
    session.connection().execute(_LOCK, {"round": round_id})


def end_offer(session: WriteSession, *, offer_id: int, round_id: int, state: OfferState, now: datetime) -> bool:
    """End a live offer in this state; False = it was over. Where it was the last of its round, the places go on.

    The request looks again through what is free meanwhile, and keeps its place in the line.
    """
    lock(session, round_id=round_id)
    ended = session.connection().execute(_END, {"offer": offer_id, "to": state, "now": now}).rowcount == 1
    if not ended:
        return False
    drop(session, about=about(offer_id))
    request = select(offers.c.request_id).where(offers.c.id == offer_id)
    session.connection().execute(_LOOK_AGAIN, {"request": session.scalar(request)})
    is_left = session.scalar(select(exists().where(offers.c.round_id == round_id, offers.c.is_live)))
    if not is_left and settle(session, round_id=round_id, offer_id=None):
        # The next in the line are asked by the job; nobody else sees the places meanwhile.
        draw_id = session.scalar(_DRAW, {"round": round_id})
        if draw_id is None:
            of_quota = [HeldPlace._make(row) for row in session.execute(_COUNTED, {"of": holder(round_id)})]
            session.connection().execute(_KEEP_ON, {"of": holder(round_id)})
            quotas.swap(session, given_back=counted_of(of_quota))
        else:
            to = {"of": holder(round_id), "by": f"{holder_of_draw(draw_id)}round:{round_id}"}
            session.connection().execute(_DRAWN_ON, to)
    return True


def end_live_offer(session: WriteSession, *, request_id: int, state: OfferState, now: datetime) -> None:
    """End the live offer of a request, where it has one: it waits no longer, or not now."""
    for row in session.connection().execute(_LIVE, {"request": request_id}).all():
        end_offer(session, offer_id=row.id, round_id=row.round_id, state=state, now=now)


def count_offered(session: WriteSession, *, queue_id: int, service_id: int) -> None:
    """Count the places that are on offer for the service at the queue, also above its quota: what was offered is kept.

    Those that count already stay as they are.
    """
    asked = {"queue": queue_id, "service": service_id}
    for row in session.execute(_ON_OFFER, asked).all():
        done = session.connection().execute(_COUNT, {"of": holder(row.id), "counted": service_id}).rowcount
        if done:
            quotas.count(session.connection(), quotas.OfDay(queue_id, service_id, row.day), places=done)
