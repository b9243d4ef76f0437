"""Answering an offer: accepting books by the one booking action, declining keeps the place in the line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, literal, or_, select, update
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.appointments.actions import Member, book_together, give_up, move
from desk.appointments.booking import appointments
from desk.appointments.models import Household
from desk.appointments.rules import AppointmentState
from desk.conversations.actions import lock_chat, require_chat
from desk.conversations.rules import USUAL, ChatLimits
from desk.outbox.actions import drop
from desk.people import queries as people_queries
from desk.people.links import link_of
from desk.people.rows import KnownPersonRow
from desk.places.claims import give_back, let_go
from desk.places.rules import MOST_TOGETHER, ClaimKind
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.waiting.asking import people, requests
from desk.waiting.changing import finish, request_to_change
from desk.waiting.models import OfferPlace
from desk.waiting.refusals import NobodyToBookFor, NotYourOffer, OfferOver
from desk.waiting.rounds import about, end_offer, holder, lock, offers, rounds, settle
from desk.waiting.rows import Accepted
from desk.waiting.rules import OVER_NOTICES, OfferState, RequestState, WaitingNotice
from desk.waiting.telling import recipient, tell
from desk.waiting.watching import end_if_over

_offered, _households = table_of(OfferPlace), table_of(Household)
_OFFER = (
    select(
        *offers.c["id", "round_id", "request_id", "state", "ends_at"],
        requests.c.conversation_id,
        *rounds.c["service_id", "starts_at", "draw_id"],
    )
    .join_from(offers, requests, requests.c.id == offers.c.request_id)
    .join(rounds, rounds.c.id == offers.c.round_id)
    .where(offers.c.id == bindparam("offer"))
)
_SLOTS = select(_offered.c.slot_id).where(_offered.c.round_id == bindparam("round")).order_by(_offered.c.nth)
_ACCEPT = (
    update(offers)
    .where(offers.c.id == bindparam("offer"), offers.c.is_live)
    .values(state=OfferState.ACCEPTED, is_live=False, over_at=bindparam("now"))
)


_SHARE_A_PLACE = (
    select(func.count(), func.count(appointments.c.household_id.distinct()))
    .join_from(appointments, _households, _households.c.id == appointments.c.household_id)
    .where(appointments.c.id.in_(bindparam("appointments", expanding=True)), _households.c.shares_place)
)


class OfferToAnswer(NamedTuple):
    """An offer as it was read before it is answered."""

    id: int
    round_id: int
    request_id: int
    state: OfferState
    ends_at: datetime | None
    conversation_id: int | None
    service_id: int
    starts_at: datetime
    draw_id: int | None


def accept(
    session: WriteSession, *, idem_key: str, offer_id: int, actor: Actor, limits: ChatLimits = USUAL, now: datetime
) -> Accepted:
    """Book the places of the offer for the people of the request, all or none; the first to accept has them.

    Somebody who holds an appointment of this service in this chat is moved to the new time. Where one place was offered
    to all of a household, and those who hold one do not share it already, theirs are given up and all are booked
    anew. The others who were invited are told, and keep their places in the line. Accepting twice is the same as once.

    Raises NotYourOffer, OfferOver, NobodyToBookFor, and what booking or moving raises; then the offer stands as before.
    """
    offer = _own(session, offer_id, actor=actor)
    if offer.state is OfferState.ACCEPTED:
        return Accepted(_booked(session, idem_key=idem_key), was_moved=False, is_repeat=True)
    require_standing(offer, now=now)
    with session.begin_nested():
        lock(session, round_id=offer.round_id)
        if not settle(session, round_id=offer.round_id, offer_id=offer.id):
            raise OfferOver(offer_id=offer.id, state=OfferState.TOO_LATE)
        # The places are this transaction's: what it gives back nobody sees before it has booked them.
        held = let_go(session, kind=ClaimKind.OFFER, holder=holder(offer.round_id))
        give_back(session, held, to_everybody=True)
        done = _book_all(session, offer, idem_key=idem_key, actor=actor, limits=limits, now=now)
        if session.connection().execute(_ACCEPT, {"offer": offer.id, "now": now}).rowcount != 1:
            raise OfferOver(offer_id=offer.id, state=OfferState.WITHDRAWN)
        drop(session, about=about(offer.id))
        _tell_the_others(session, offer, now=now)
        found = request_to_change(session, request_id=offer.request_id)
        if found is not None:
            finish(session, found, state=RequestState.FULFILLED, actor=actor, now=now)
    return done


def decline(session: WriteSession, *, offer_id: int, actor: Actor, now: datetime) -> None:
    """The person does not want these places; they go on, and the place in the line stays. Twice is the same as once.

    Raises NotYourOffer, OfferOver.
    """
    offer = _own(session, offer_id, actor=actor)
    if offer.state is OfferState.DECLINED:
        return
    require_standing(offer, now=now)
    end_offer(session, offer_id=offer.id, round_id=offer.round_id, state=OfferState.DECLINED, now=now)
    session.connection().execute(update(requests).where(requests.c.id == offer.request_id).values(lapses=0))


def note_seen_over(session: WriteSession, *, offer_id: int, actor: Actor, now: datetime) -> None:
    """The chat saw on its screen that the offer is over: no message tells it a second time.

    What the job had not recorded yet is recorded now. That a request is paused is something else, and told.

    Raises NotYourOffer.
    """
    offer = _own(session, offer_id, actor=actor)
    end_if_over(session, offer_id=offer.id, now=now)
    drop(session, about=about(offer.id), notices=OVER_NOTICES)


def require_standing(offer: OfferToAnswer, *, now: datetime) -> None:
    """Check that the offer can still be answered. Raises OfferOver; also before the job has recorded the lapse."""
    if offer.state is not OfferState.SENT:
        raise OfferOver(offer_id=offer.id, state=offer.state)
    if now >= min(offer.ends_at or offer.starts_at, offer.starts_at):
        raise OfferOver(offer_id=offer.id, state=OfferState.LAPSED)


def _own(session: WriteSession, offer_id: int, *, actor: Actor) -> OfferToAnswer:
    """The offer to this chat. Raises NotYourOffer."""
    conversation_id = require_chat(actor)
    lock_chat(session, conversation_id=conversation_id)
    found = session.execute(_OFFER, {"offer": offer_id}).one_or_none()
    if found is None or found.conversation_id != conversation_id:
        raise NotYourOffer(offer_id=offer_id)
    return OfferToAnswer._make(found)


def _book_all(
    session: WriteSession, offer: OfferToAnswer, *, idem_key: str, actor: Actor, limits: ChatLimits, now: datetime
) -> Accepted:
    slots = session.scalars(_SLOTS, {"round": offer.round_id}).all()
    named = _people(session, offer)
    as_one = len(slots) < len(named)
    slots = [*slots, *([slots[0]] * (len(named) - len(slots)))]
    there = [_held(session, offer, person_id=known.person_id, now=now) for known in named]
    was_moved = any(held is not None for held in there)
    if as_one and was_moved and not _share_a_place(session, there):
        for held in there:
            if held is not None:
                give_up(session, appointment_id=held, actor=actor, rest=limits.rest, now=now)
        there = [None] * len(there)
    booked: list[int] = []
    new: list[Member] = []
    for nth, (slot_id, known, held) in enumerate(zip(slots, named, there, strict=True), start=1):
        if held is not None:
            move(
                session,
                idem_key=f"{idem_key}:{nth}",
                appointment_id=held,
                actor=actor,
                slot_id=slot_id,
                rest=limits.rest,
                by_draw=offer.draw_id is not None,
                by_offer=True,
                now=now,
            )
            booked.append(held)
        else:
            new.append(Member(slot_id, known.person_id, known.name, known.document_kind))
    made = book_together(
        session,
        idem_key=idem_key,
        actor=actor,
        service_id=offer.service_id,
        members=new,
        limits=limits,
        by_draw=offer.draw_id is not None,
        by_offer=True,
        as_one=as_one,
        now=now,
    )
    booked += [each.appointment_id for each in made]
    return Accepted(tuple(booked), was_moved=was_moved, is_repeat=False)


def _share_a_place(session: Session, held: Sequence[int | None]) -> bool:
    """Whether each of them holds an appointment, and all are of one household that shares a place."""
    ids = [each for each in held if each is not None]
    times, households = session.execute(_SHARE_A_PLACE, {"appointments": ids}).one()
    return times == len(held) and households == 1


def _people(session: Session, offer: OfferToAnswer) -> Sequence[KnownPersonRow]:
    """The people of the request as their chat knows them.

    Raises NobodyToBookFor, also where somebody else showed the paper: booking then asks for the number again.
    """
    ids = session.scalars(
        select(people.c.person_id).where(people.c.request_id == offer.request_id).order_by(people.c.nth)
    ).all()
    known = {each.person_id: each for each in people_queries.known(session, conversation_id=offer.conversation_id or 0)}
    if not ids or any(id not in known or known[id].is_in_doubt for id in ids):
        raise NobodyToBookFor(request_id=offer.request_id)
    return [known[id] for id in ids]


def _held(session: Session, offer: OfferToAnswer, *, person_id: int, now: datetime) -> int | None:
    """The appointment of this service that the person has ahead in this chat, on any of their papers."""
    return session.scalar(
        select(appointments.c.id).where(
            appointments.c.conversation_id == offer.conversation_id,
            or_(appointments.c.person_id == person_id, appointments.c.link_id == link_of(literal(person_id))),
            appointments.c.service_id == offer.service_id,
            appointments.c.is_live,
            appointments.c.state == AppointmentState.BOOKED,
            appointments.c.starts_at > now,
        )
    )


def _booked(session: Session, *, idem_key: str) -> tuple[int, ...]:
    """The appointments that this key booked: as many as there were people, also at one place."""
    keys = [f"{idem_key}:{nth}" for nth in range(1, MOST_TOGETHER + 1)]
    return tuple(
        session.scalars(select(appointments.c.id).where(appointments.c.idem_key.in_(keys)).order_by(appointments.c.id))
    )


def _tell_the_others(session: WriteSession, offer: OfferToAnswer, *, now: datetime) -> None:
    """Those who were invited too are told that another was faster; their lapses and their places are as before."""
    others = session.execute(
        select(offers.c.id, requests.c.conversation_id)
        .join_from(offers, requests, requests.c.id == offers.c.request_id)
        .where(offers.c.round_id == offer.round_id, offers.c.is_live)
        .order_by(offers.c.id)
    ).all()
    for row in others:
        end_offer(session, offer_id=row.id, round_id=offer.round_id, state=OfferState.TOO_LATE, now=now)
        to = recipient(session, row.conversation_id)
        tell(session, notice=WaitingNotice.OFFER_TAKEN, offer_id=row.id, to=to, now=now)
