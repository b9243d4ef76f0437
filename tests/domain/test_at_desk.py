"""A clerk books, moves and gives back for somebody who stands at the desk without a phone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select

from desk.acting import Actor, OutOfReach
from desk.appointments.booking import Booked
from desk.appointments.models import Appointment
from desk.appointments.refusals import AlreadyHasAppointment, NotInThisChat, NotOpenYet, SlotTaken
from desk.appointments.rules import AppointmentState
from desk.capacity.models import Slot
from desk.events.models import Event
from desk.offices.models import Office
from desk.organisation import EVERYWHERE, NOWHERE
from desk.people.models import Person
from desk.people.rules import DocumentKind, IdentityDigest
from desk.staff.number_search import MOST_MISSES
from desk.staff.permissions import ROLES, Permission, Role
from desk.staff.refusals import TooManyNumbers
from desk.storage.base import WriteSession
from desk.visits import at_desk
from desk.visits.at_desk import MOST_AN_HOUR, book_at_desk, booked_at_desks, give_back_at_desk, move_at_desk
from desk.visits.refusals import OfAChat, TooManyAtDesk
from tests.domain.booking_scene import WEEK, Scene
from tests.makers import NOW, acting, at, make_queue, make_slot, make_staff
from tests.makers_waiting import make_request, wish_for

PAPER = IdentityDigest("a" * 64, "5678")
OTHER = IdentityDigest("b" * 64, "4321")


class AtDesk(Scene):
    """The desk with a clerk of its own."""

    def __init__(self, session: WriteSession) -> None:
        super().__init__(session)
        self.clerk = acting(make_staff(session).id)

    def desk(self, slot: Slot, **over: Any) -> Booked:
        self.keys += 1
        usual: dict[str, Any] = {
            "idem_key": f"desk:{self.keys}",
            "office_id": self.queue.office_id,
            "slot_id": slot.id,
            "service_id": self.service.id,
            "name": "گل‌آقا رحیمی",
            "document_kind": DocumentKind.AMAYESH,
            "identity": PAPER,
            "actor": self.clerk,
            "now": NOW,
        }
        return book_at_desk(self.session, **(usual | over))

    def row(self, booked: Booked) -> Appointment:
        return self.session.get_one(Appointment, booked.appointment_id, populate_existing=True)


@pytest.fixture
def scene(session: WriteSession) -> AtDesk:
    return AtDesk(session)


def test_it_takes_a_place_belongs_to_no_chat_and_the_history_says_who(scene: AtDesk) -> None:
    slot = scene.slot(capacity=2)
    row = scene.row(scene.desk(slot))
    assert (row.conversation_id, row.is_contested, scene.left(slot), scene.messages()) == (None, False, 1, [])
    kinds = {each.kind: each.actor_id for each in scene.session.scalars(select(Event))}
    assert kinds[at_desk.AT_DESK] == scene.clerk.staff_id
    person = scene.session.scalars(select(Person).where(Person.id == row.person_id)).one()
    assert person.identity_hash == PAPER.hash


def test_the_desk_has_the_days_that_applicants_have(scene: AtDesk) -> None:
    scene.service.days_ahead = 3
    scene.session.flush()
    with pytest.raises(NotOpenYet):
        scene.desk(scene.slot())


def test_a_number_has_one_live_appointment(scene: AtDesk) -> None:
    scene.desk(scene.slot())
    with pytest.raises(AlreadyHasAppointment):
        scene.desk(scene.slot(at(WEEK, hour=11)))
    with pytest.raises(AlreadyHasAppointment):  # the desk saw the original then, too
        scene.desk(scene.slot(at(WEEK, hour=12)), beside=True)


def test_beside_one_that_a_chat_named_it_is_contested_and_once(scene: AtDesk) -> None:
    scene.person.identity_hash = PAPER.hash
    scene.session.flush()
    first = scene.book(scene.slot())
    with pytest.raises(AlreadyHasAppointment) as refused:
        scene.desk(scene.slot(at(WEEK, hour=11)))
    assert refused.value.appointment_id == first.appointment_id
    assert scene.row(scene.desk(scene.slot(at(WEEK, hour=12)), beside=True)).is_contested
    with pytest.raises((AlreadyHasAppointment, NotInThisChat)):
        scene.desk(scene.slot(at(WEEK, hour=13)), beside=True)


def test_a_clerk_books_only_so_many_an_hour(scene: AtDesk) -> None:
    slot = scene.slot(capacity=MOST_AN_HOUR + 2)
    papers = [IdentityDigest(f"{n:064}", None) for n in range(MOST_AN_HOUR + 1)]
    for paper in papers[:-1]:
        scene.desk(slot, identity=paper)
    with pytest.raises(TooManyAtDesk) as refused:
        scene.desk(slot, identity=papers[-1])
    assert refused.value.until == NOW + timedelta(hours=1)
    assert scene.left(slot) == 2
    scene.desk(slot, identity=papers[-1], now=NOW + timedelta(hours=1))
    another = acting(make_staff(scene.session).id)
    scene.desk(slot, identity=OTHER, actor=another)


def test_without_the_bound_one_account_could_take_the_day(scene: AtDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the guard: nothing is counted."""
    monkeypatch.setattr(at_desk, "_require_few", lambda *_given, **_rest: None)
    slot = scene.slot(capacity=MOST_AN_HOUR + 1)
    for n in range(MOST_AN_HOUR + 1):
        scene.desk(slot, identity=IdentityDigest(f"{n:064}", None))
    assert scene.left(slot) == 0


def test_it_is_given_back_with_its_paper_alone(scene: AtDesk) -> None:
    slot = scene.slot(capacity=1)
    booked = scene.desk(slot)
    given: dict[str, Any] = {"appointment_id": booked.appointment_id, "actor": scene.clerk, "now": NOW}
    assert not give_back_at_desk(scene.session, **given, identity=OTHER)
    assert scene.row(booked).is_live
    assert give_back_at_desk(scene.session, **given, identity=PAPER)
    assert scene.row(booked).state is AppointmentState.CANCELLED_BY_PERSON
    assert scene.left(slot) == 0, "its place rests first"


def test_who_tries_numbers_at_a_turn_of_the_desk_is_stopped(scene: AtDesk) -> None:
    booked = scene.desk(scene.slot())
    given: dict[str, Any] = {"appointment_id": booked.appointment_id, "actor": scene.clerk, "now": NOW}
    for _ in range(MOST_MISSES):
        assert not give_back_at_desk(scene.session, **given, identity=OTHER)
    with pytest.raises(TooManyNumbers):
        give_back_at_desk(scene.session, **given, identity=PAPER)


def test_it_is_moved_with_its_paper_within_its_office(scene: AtDesk) -> None:
    old, new = scene.slot(), scene.slot(at(WEEK, hour=11), capacity=1)
    elsewhere = make_slot(scene.session, queue=make_queue(scene.session, services=[scene.service]))
    booked = scene.desk(old)
    given: dict[str, Any] = {"idem_key": "m", "appointment_id": booked.appointment_id, "actor": scene.clerk, "now": NOW}
    assert not move_at_desk(scene.session, **given, slot_id=new.id, identity=OTHER)
    with pytest.raises(SlotTaken):
        move_at_desk(scene.session, **given, slot_id=elsewhere.id, identity=PAPER)
    assert move_at_desk(scene.session, **given, slot_id=new.id, identity=PAPER)
    assert (scene.row(booked).slot_id, scene.left(new)) == (new.id, 0)


def test_what_a_chat_booked_is_changed_in_the_chat(scene: AtDesk) -> None:
    booked = scene.book(scene.slot())
    given: dict[str, Any] = {"appointment_id": booked.appointment_id, "actor": scene.clerk, "now": NOW}
    with pytest.raises(OfAChat):
        give_back_at_desk(scene.session, **given, identity=PAPER)


def test_no_slot_of_another_office_is_taken(scene: AtDesk) -> None:
    other = make_queue(scene.session, services=[scene.service])
    slot = make_slot(scene.session, queue=other, starts_at=at(WEEK, hour=9))
    with pytest.raises(SlotTaken):
        scene.desk(slot)


def test_clerks_and_managers_book_and_a_marshal_does_not(scene: AtDesk) -> None:
    book_too = {role for role, permissions in ROLES.items() if Permission.APPOINTMENTS_BOOK in permissions}
    assert book_too == {Role.CLERK, Role.OFFICE_MANAGER, Role.ADMINISTRATOR}
    with pytest.raises(OutOfReach):
        scene.desk(scene.slot(), actor=Actor.chat(scene.chat.id))


def test_those_above_see_who_books_at_the_desk_and_how_often(scene: AtDesk) -> None:
    slot = scene.slot(capacity=3)
    scene.desk(slot)
    scene.desk(slot, identity=OTHER)
    office = scene.session.get_one(Office, scene.queue.office_id)
    found = booked_at_desks(scene.session, scope=EVERYWHERE, since=NOW - timedelta(days=1))
    assert [(each.office, each.times) for each in found] == [(office.name, 2)]
    assert booked_at_desks(scene.session, scope=NOWHERE, since=NOW - timedelta(days=1)) == []
    assert booked_at_desks(scene.session, scope=EVERYWHERE, since=NOW) == []


def test_two_chats_that_wait_with_a_number_do_not_keep_its_owner_from_a_turn_at_the_desk(scene: AtDesk) -> None:
    owner = scene.row(scene.desk(scene.slot())).person_id
    person = scene.session.get_one(Person, owner)
    scene.session.execute(delete(Appointment))
    for _ in range(2):
        make_request(scene.session, service=scene.service, wish=wish_for(provinces=("IR-30",)), people=(person,))
    with pytest.raises(NotInThisChat):
        make_request(scene.session, service=scene.service, wish=wish_for(provinces=("IR-30",)), people=(person,))

    booked = scene.row(scene.desk(scene.slot(starts_at=at(WEEK, hour=11))))

    assert (booked.state, booked.is_contested, booked.person_id) == (AppointmentState.BOOKED, False, owner)
