"""Every way of freeing a place ends in one event; and what takes places next can be stored: a household, an offer,
a share.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from desk.acting import SYSTEM, Actor
from desk.appointments.actions import book, cancel, cancel_by_office, lapse, move, move_by_office
from desk.appointments.models import Appointment
from desk.capacity.actions import set_exception
from desk.capacity.freed import PLACES
from desk.capacity.models import ExceptionKind, Slot
from desk.capacity.refusals import SlotTaken
from desk.erasure.actions import erase
from desk.people.rules import DocumentKind
from desk.places.actions import hold, release, release_expired
from desk.places.claims import claim, settle
from desk.places.claims import release as give_up
from desk.places.jobs import JOBS
from desk.places.models import Claim
from desk.places.queries import grid
from desk.places.rules import ClaimKind
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.visits.actions import record_outcome
from desk.visits.rules import Outcome
from tests.makers import (
    AT_ONCE,
    NOW,
    TODAY,
    acting,
    appointment_code,
    at,
    make_appointment,
    make_conversation,
    make_person,
    make_queue,
    make_service,
    make_slot,
)

TOMORROW = TODAY + timedelta(days=1)


class Scene:
    """A chat with an appointment at one time and a place held at another, and two more times."""

    def __init__(self, session: WriteSession) -> None:
        self.session = session
        self.service = make_service(session)
        self.queue = make_queue(session, services=[self.service])
        self.booked, self.held, self.free, self.full = (
            make_slot(session, queue=self.queue, starts_at=at(TODAY + timedelta(days=day), hour=9), capacity=3)
            for day in (1, 2, 3, 4)
        )
        self.chat = make_conversation(session)
        self.appointment = make_appointment(session, slot=self.booked, service=self.service, conversation=self.chat)
        hold(session, actor=Actor.chat(self.chat.id), slot_id=self.held.id, now=NOW)
        session.flush()
        session.info.pop("changes", None)

    @property
    def freed(self) -> set[date]:
        """The days of the queue of which was told; each slot has one of its own."""
        told = {each for each in self.session.changes if each.subject == PLACES}
        assert {(each.id, each.office_id) for each in told} <= {(self.queue.id, self.queue.office_id)}
        return {each.day for each in told if each.day}

    def remaining(self, slot: Slot) -> int:
        return self.session.scalars(select(Slot.remaining).where(Slot.id == slot.id)).one()

    def book(self, slot: Slot) -> None:
        book(
            self.session,
            idem_key=f"k{slot.id}",
            actor=Actor.chat(self.chat.id),
            slot_id=slot.id,
            service_id=self.service.id,
            person_id=make_person(self.session).id,
            person_name="ر",
            document_kind=DocumentKind.AMAYESH,
            code=appointment_code(),
            now=NOW,
        )


@pytest.fixture
def scene(session: WriteSession) -> Scene:
    return Scene(session)


def _close_and_cancel(scene: Scene) -> None:
    close: dict[str, Any] = {"queue_id": scene.queue.id, "day": TOMORROW, "kind": ExceptionKind.CLOSED}
    set_exception(scene.session, **close, actor=SYSTEM, now=NOW)
    _cancel_by_office(scene)


def _cancel_by_office(scene: Scene) -> None:
    cancel_by_office(scene.session, appointment_id=scene.appointment.id, actor=SYSTEM, reason="برق رفت", now=NOW)


def _move(scene: Scene) -> None:
    to: dict[str, Any] = {"actor": Actor.chat(scene.chat.id), "slot_id": scene.free.id, "rest": AT_ONCE}
    move(scene.session, idem_key="m", appointment_id=scene.appointment.id, **to, now=NOW)


def _move_by_office(scene: Scene) -> None:
    why: dict[str, Any] = {"actor": SYSTEM, "reason": "برق رفت", "told": {}}
    move_by_office(
        scene.session, idem_key="m", appointment_id=scene.appointment.id, slot_id=scene.free.id, **why, now=NOW
    )


def _move_to_where_it_is(scene: Scene) -> None:
    to: dict[str, Any] = {"actor": Actor.chat(scene.chat.id), "slot_id": scene.booked.id}
    move(scene.session, idem_key="m", appointment_id=scene.appointment.id, **to, now=NOW)


WAYS: dict[str, tuple[Callable[[Scene], object], set[str]]] = {
    "the person cancels": (
        lambda s: cancel(
            s.session, appointment_id=s.appointment.id, actor=Actor.chat(s.chat.id), rest=AT_ONCE, now=NOW
        ),
        {"booked"},
    ),
    "the office cancels": (_cancel_by_office, {"booked"}),
    "a day is closed": (_close_and_cancel, {"booked"}),
    "the person moves": (_move, {"booked", "held"}),
    "moved to where it is": (_move_to_where_it_is, {"held"}),
    "the office moves": (_move_by_office, {"booked"}),
    "the chat goes back": (lambda s: release(s.session, actor=Actor.chat(s.chat.id)), {"held"}),
    "another time is held": (
        lambda s: hold(s.session, actor=Actor.chat(s.chat.id), slot_id=s.free.id, now=NOW),
        {"held"},
    ),
    "another time is booked": (lambda s: s.book(s.free), {"held"}),
    "nobody answered": (lambda s: release_expired(s.session, now=NOW + timedelta(minutes=10)), {"held"}),
    "the data is erased": (
        lambda s: erase(s.session, actor=Actor.chat(s.chat.id), rest=AT_ONCE, now=NOW),
        {"booked", "held"},
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_freeing_a_place_ends_in_the_event(scene: Scene, way: str) -> None:
    act, freed = WAYS[way]
    slots = {name: getattr(scene, name) for name in ("booked", "held", "free")}
    act(scene)
    assert scene.freed == {slots[name].day for name in freed}
    for name in freed:
        assert scene.remaining(slots[name]) == 3 or way == "a day is closed"


QUIET: dict[str, Callable[[Scene], object]] = {
    "the held time is booked": lambda s: s.book(s.held),
    "the same time is held again": lambda s: hold(
        s.session, actor=Actor.chat(s.chat.id), slot_id=s.held.id, now=NOW + timedelta(minutes=1)
    ),
    "somebody does not come": lambda s: record_outcome(
        s.session,
        appointment_id=s.appointment.id,
        outcome=Outcome.ABSENT,
        actor=acting(1),
        now=s.booked.starts_at + timedelta(hours=1),
    ),
    "an appointment that nobody recorded lapses": lambda s: lapse(
        s.session, before=TOMORROW + timedelta(days=1), now=NOW + timedelta(days=2)
    ),
}


@pytest.mark.parametrize("way", QUIET)
def test_where_no_place_becomes_free_nothing_is_told(scene: Scene, way: str) -> None:
    taken = {slot.id: scene.remaining(slot) for slot in (scene.booked, scene.held)}
    QUIET[way](scene)
    assert scene.freed == set()
    assert {slot.id: scene.remaining(slot) for slot in (scene.booked, scene.held)} == taken


# -- what comes next


def test_a_household_takes_three_places_or_none(scene: Scene) -> None:
    session, chat = scene.session, make_conversation(scene.session)
    family: dict[str, Any] = {"kind": ClaimKind.HOLD, "conversation_id": chat.id}
    until = NOW + timedelta(minutes=10)
    with pytest.raises(ValueError, match="9 places"):
        claim(session, **family, slot_ids=[scene.free.id] * 9, expires_at=until)

    make_appointment(session, slot=scene.full, service=scene.service)
    make_appointment(session, slot=scene.full, service=scene.service)
    with pytest.raises(SlotTaken):
        claim(session, **family, slot_ids=[scene.free.id, scene.full.id, scene.full.id], expires_at=until)
    assert (scene.remaining(scene.free), scene.remaining(scene.full)) == (3, 1)

    claim(session, **family, slot_ids=[scene.free.id, scene.full.id, scene.free.id], expires_at=until)
    assert (scene.remaining(scene.free), scene.remaining(scene.full)) == (1, 0)
    # Each is settled by one who is booked, the others stay held; one more than was held takes a free place.
    for member in range(2):
        book(
            session,
            idem_key=f"family:{member}",
            actor=Actor.chat(chat.id),
            slot_id=scene.free.id,
            service_id=scene.service.id,
            person_id=make_person(session).id,
            person_name="ر",
            document_kind=DocumentKind.AMAYESH,
            code=appointment_code(),
            now=NOW,
        )
    assert (scene.remaining(scene.free), scene.remaining(scene.full)) == (1, 0)
    mine = select(Claim.slot_id).where(Claim.conversation_id == chat.id)
    assert session.scalars(mine).all() == [scene.full.id]
    assert {broken.rule for broken in verify(session)} <= {"claims_within_limit"}  # today's limit is one


def test_an_offer_that_nobody_takes_up_is_released_by_the_job(scene: Scene) -> None:
    session, until = scene.session, NOW + timedelta(hours=2)
    claim(session, kind=ClaimKind.OFFER, slot_ids=[scene.free.id], holder="waiting:7", expires_at=until)
    assert scene.remaining(scene.free) == 2
    [job] = JOBS
    assert job.run(session, now=NOW + timedelta(minutes=30), limit=200) == 1  # only the place held by the chat
    session.info.pop("changes", None)
    assert job.run(session, now=until, limit=200) == 1
    assert scene.freed == {scene.free.day}
    assert scene.remaining(scene.free) == 3
    assert verify(session) == []


def test_an_offer_that_is_taken_up_becomes_the_place_of_an_appointment(scene: Scene) -> None:
    session = scene.session
    claim(session, kind=ClaimKind.OFFER, slot_ids=[scene.free.id], holder="waiting:7", expires_at=NOW)
    offer = session.scalars(select(Claim.id).where(Claim.holder == "waiting:7")).one()
    settle(session, claim_id=offer, slot_id=scene.free.id)
    assert scene.remaining(scene.free) == 2
    assert scene.freed == set()


def test_an_offer_has_to_have_an_end(scene: Scene) -> None:
    with pytest.raises(IntegrityError, match="expires"):
        claim(scene.session, kind=ClaimKind.OFFER, slot_ids=[scene.free.id], holder="waiting:7")


def test_an_office_keeps_a_share_back_until_it_gives_it_up(scene: Scene) -> None:
    session = scene.session
    share: dict[str, Any] = {"kind": ClaimKind.SHARE, "holder": f"slot:{scene.free.id}"}
    claim(session, **share, slot_ids=[scene.free.id] * 2)
    assert scene.remaining(scene.free) == 1
    assert release_expired(session, now=NOW + timedelta(days=1)) == 1  # only the place held by the chat
    first, _, third, _ = grid(session, office_id=scene.queue.office_id, from_day=TOMORROW, days=4)
    assert (first.booked, first.held, first.free) == (1, 0, 2)
    assert (third.booked, third.apart, third.free) == (0, 2, 1)
    claim(session, **share, slot_ids=[scene.free.id])  # fewer of them from now on
    assert scene.remaining(scene.free) == 2
    assert give_up(session, **share)
    assert scene.remaining(scene.free) == 3
    assert verify(session) == []


def test_a_claim_is_of_a_chat_or_of_another_holder(scene: Scene) -> None:
    both = {"conversation_id": scene.chat.id, "holder": "waiting:7"}
    scene.session.add(Claim(kind=ClaimKind.SHARE, slot_id=scene.free.id, nth=1, **both))
    with pytest.raises(IntegrityError, match="owner"):
        scene.session.flush()


def test_the_appointment_itself_is_the_settled_claim(scene: Scene) -> None:
    scene.book(scene.held)
    assert scene.session.scalars(select(Claim.id)).all() == []
    assert len(scene.session.scalars(select(Appointment.id)).all()) == 2
    assert verify(scene.session) == []
