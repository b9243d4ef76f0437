"""What is given to the actions on people at the door and their slips, where they are tried."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from desk.acting import SYSTEM, Actor
from desk.appointments.models import Appointment
from desk.capacity.models import Queue, Slot
from desk.capacity.shares import Share
from desk.conversations.rules import USUAL
from desk.people.rules import DocumentKind
from desk.places.models import Claim
from desk.places.rules import ClaimKind
from desk.places.shares import holder_of
from desk.storage.base import WriteSession
from desk.walk_ins.actions import make_slip, tie, untie
from desk.walk_ins.queries import MARK
from desk.walk_ins.registering import give_day, give_number
from tests.domain.tries_at_places import PAPER
from tests.makers import NOW, make_conversation, make_slot

Given = Callable[[Any], dict[str, Any]]


def _person(place: Any) -> dict[str, Any]:
    return {
        "idem_key": f"door:{place.office.id}",
        "office_id": place.office.id,
        "service_id": place.service,
        "name": "نام",
        "document_kind": DocumentKind.AMAYESH,
        "identity": PAPER,
    }


def _number(session: WriteSession, *, queue: int, **given: Any) -> None:
    """Where a place of today is set apart for people without an appointment."""
    starts_at = NOW + timedelta(hours=2)
    slot: Slot = make_slot(session, queue=session.get_one(Queue, queue), starts_at=starts_at, capacity=1, remaining=0)
    slot.walk_in = 1
    holder = holder_of(Share.WALK_IN, slot.id)
    session.add(Claim(kind=ClaimKind.SHARE, slot_id=slot.id, holder=holder, nth=1, expires_at=starts_at))
    session.flush()
    give_number(session, **given)


def _untie(session: WriteSession, *, appointment_id: int, actor: Actor, now: Any) -> None:
    """Where its slip was scanned in a chat."""
    secret = make_slip(session, appointment_id=appointment_id, actor=SYSTEM, now=now)
    mark = session.keys.named_mark(MARK, secret)
    tie(session, actor=Actor.chat(make_conversation(session).id), mark=mark, limits=USUAL, now=now)
    untie(session, appointment_id=appointment_id, actor=actor, now=now)


WALK_INS: dict[Callable[..., Any], tuple[Callable[..., Any], Given]] = {
    give_number: (_number, lambda place: {**_person(place), "queue": place.queue}),
    give_day: (give_day, lambda place: {**_person(place), "slot_id": place.later_slot}),
    make_slip: (make_slip, lambda place: {"appointment_id": place.booked}),
    untie: (_untie, lambda place: {"appointment_id": place.booked}),
}
"""The action, how it is tried, and what it is given at a place."""


def tied(session: WriteSession, it: Any, **who: Any) -> object:
    """The slip of an appointment of `it` that is no chat's."""
    session.get_one(Appointment, it.appointment).conversation_id = None
    session.flush()
    secret = make_slip(session, appointment_id=it.appointment, actor=SYSTEM, now=NOW)
    return tie(session, mark=session.keys.named_mark(MARK, secret), **who)
