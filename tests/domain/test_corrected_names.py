"""A name is corrected as far as the paper stands behind it, and the person stays who they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.acting import Actor
from desk.appointments.actions import cancel, correct_name, correct_name_of
from desk.appointments.history import EventKind
from desk.appointments.queries import appointment_by_id
from desk.appointments.refusals import NameIsFixed, NotCancellable
from desk.appointments.rules import AppointmentNotice
from desk.conversations.rules import USUAL
from desk.events.models import Event
from desk.outbox.models import OutboxMessage
from desk.people.actions import is_slip_mended, mend_slip
from desk.people.models import KnownPerson, Person
from desk.people.refusals import NotASlip, SlipMended, TooManyNames
from desk.people.rules import DocumentKind
from desk.people.slips import is_slip
from desk.people.stored import stored_last4
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.visits.queries import day_list
from tests.domain.booking_scene import WEEK, Scene
from tests.makers import (
    NOW,
    TODAY,
    at,
    make_appointment,
    make_conversation,
    make_person,
    make_queue,
    make_service,
    make_slot,
)

BEFORE = "گل‌آقا رحیمی"
SLIP = "گل‌آغا رحیمی"
OTHER = "احمد ظاهر"


@pytest.fixture
def scene(session: WriteSession) -> Scene:
    return Scene(session)


def name_of(scene: Scene, id: int) -> str | None:
    found = appointment_by_id(scene.session, appointment_id=id)
    assert found is not None
    return found.person_name


def correct(scene: Scene, id: int, name: str, *, now: datetime = NOW) -> int:
    return correct_name(scene.session, appointment_id=id, actor=Actor.chat(scene.chat.id), name=name, now=now)


def booked(scene: Scene, *, kind: DocumentKind = DocumentKind.AMAYESH, hour: int = 9) -> int:
    return scene.book(scene.slot(at(WEEK, hour=hour)), document_kind=kind).appointment_id


def second(scene: Scene, *, kind: DocumentKind = DocumentKind.AMAYESH, at_: datetime | None = None) -> int:
    """Another appointment of the same person, for another service at another office."""
    service = make_service(scene.session)
    queue = make_queue(scene.session, services=[service])
    slot = make_slot(scene.session, queue=queue, starts_at=at_ or at(WEEK, hour=11))
    return scene.book(slot, service_id=service.id, document_kind=kind).appointment_id


def test_with_a_number_any_name_may_be_written_and_all_that_is_ahead_has_it(scene: Scene) -> None:
    first, other = booked(scene), second(scene)
    people = scene.session.scalars(select(Person.id)).all()
    row = appointment_by_id(scene.session, appointment_id=first)

    assert correct(scene, first, OTHER) == 2

    assert [name_of(scene, id) for id in (first, other)] == [OTHER, OTHER]
    after = appointment_by_id(scene.session, appointment_id=first)
    assert row is not None
    assert after is not None
    assert (after.person_id, after.identity_last4, after.code) == (row.person_id, row.identity_last4, row.code)
    assert scene.session.scalars(select(Person.id)).all() == people
    assert [row.person_name for row in day_list(scene.session, office_id=scene.queue.office_id, day=WEEK)] == [OTHER]
    assert correct(scene, first, SLIP) == 2  # the number stands behind it, however often
    assert verify(scene.session) == []


def test_the_history_says_that_a_name_was_corrected_and_neither_of_the_two(scene: Scene) -> None:
    id = booked(scene)
    correct(scene, id, OTHER)

    event = scene.session.scalars(select(Event).where(Event.kind == EventKind.NAME_CORRECTED)).one()
    assert event.subject == f"appointment:{id}"
    told = repr([getattr(event, column.key) for column in Event.__table__.columns])
    assert OTHER not in told
    assert BEFORE not in told


def test_the_tickets_are_edited_and_the_reminders_wait_as_before(scene: Scene) -> None:
    id = booked(scene)
    before = {key for key, _due in scene.messages()}
    correct(scene, id, OTHER)
    correct(scene, id, SLIP)

    new = {key for key, _due in scene.messages()} - before
    assert new == {f"ticket_changed:{id}:name:1", f"ticket_changed:{id}:name:2"}
    found = select(OutboxMessage.params).where(OutboxMessage.notice == AppointmentNotice.TICKET_CHANGED)
    assert all(params == {"appointment": id, "name": True} for params in scene.session.scalars(found))


def test_the_list_of_the_chat_says_it_and_a_chosen_nickname_stays(scene: Scene) -> None:
    from desk.people import actions as people
    from desk.people.queries import known

    known_id = scene.session.scalars(select(KnownPerson.id)).one()
    people.rename(scene.session, actor=Actor.chat(scene.chat.id), known_id=known_id, nickname="پدر")
    correct(scene, booked(scene), OTHER)

    [row] = known(scene.session, conversation_id=scene.chat.id)
    assert (row.name, row.nickname) == (OTHER, "پدر")


def test_what_another_chat_booked_with_the_number_keeps_its_name(scene: Scene) -> None:
    id = booked(scene)
    chat = make_conversation(scene.session, chat="another")
    theirs = scene.book(scene.slot(at(WEEK, hour=13)), actor=Actor.chat(chat.id), person_name="کسی").appointment_id

    assert correct(scene, id, OTHER) == 1
    assert name_of(scene, theirs) == "کسی"


def test_on_the_day_itself_it_is_too_late_and_another_day_may_still_be_corrected(scene: Scene) -> None:
    today, later = booked(scene), second(scene, at_=at(WEEK + timedelta(days=1), hour=9))
    the_day = at(WEEK, hour=0)

    with pytest.raises(NameIsFixed):
        correct(scene, today, OTHER, now=the_day)
    assert correct(scene, later, OTHER, now=the_day) == 1

    assert (name_of(scene, today), name_of(scene, later)) == (BEFORE, OTHER)
    assert correct(scene, today, SLIP, now=the_day - timedelta(minutes=1)) == 2


def test_what_is_cancelled_is_not_corrected(scene: Scene) -> None:
    id = booked(scene)
    cancel(scene.session, appointment_id=id, actor=Actor.chat(scene.chat.id), now=NOW)
    with pytest.raises(NotCancellable):
        correct(scene, id, OTHER)


def test_without_a_number_one_slip_is_mended_and_no_second(scene: Scene) -> None:
    id = booked(scene, kind=DocumentKind.NONE)
    other = second(scene, kind=DocumentKind.NONE)

    with pytest.raises(NotASlip):
        correct(scene, id, OTHER)
    assert correct(scene, id, SLIP) == 2
    for name in (BEFORE, "گل‌آغا رحیم"):
        with pytest.raises(SlipMended):
            correct(scene, other, name)

    assert [name_of(scene, each) for each in (id, other)] == [SLIP, SLIP]
    assert verify(scene.session) == []


@pytest.mark.parametrize("last4", [None, "5", "21"])
def test_a_number_of_which_the_clerk_sees_next_to_nothing_stands_behind_no_name(
    scene: Scene, last4: str | None
) -> None:
    """Many papers end in «5»: who booked with it for a name could sell the appointment to most others."""
    scene.person.last4_sealed = stored_last4(scene.session.keys, last4, id=scene.person.id)
    id = booked(scene)

    with pytest.raises(NotASlip) as refused:
        correct(scene, id, OTHER)
    assert refused.value.is_short
    assert correct(scene, id, SLIP) == 1
    with pytest.raises(SlipMended) as refused_again:
        correct(scene, id, BEFORE)
    assert refused_again.value.is_short
    assert name_of(scene, id) == SLIP


def test_a_slip_is_not_mended_twice_by_way_of_the_list(scene: Scene) -> None:
    """Not even after the person was taken off the list and named again."""
    id = booked(scene, kind=DocumentKind.NONE)
    correct(scene, id, SLIP)
    known_id = scene.session.scalars(select(KnownPerson.id)).one()

    with pytest.raises(SlipMended):
        correct_name_of(scene.session, known_id=known_id, actor=Actor.chat(scene.chat.id), name=BEFORE, now=NOW)


def test_spaces_and_forms_of_a_letter_use_no_slip_up(scene: Scene) -> None:
    id = booked(scene, kind=DocumentKind.NONE)
    assert correct(scene, id, "گل آقا رحيمی") == 1
    assert correct(scene, id, "گل‌آقا رحیمی") == 1
    assert correct(scene, id, SLIP) == 1


def test_with_nothing_ahead_nothing_binds(scene: Scene) -> None:
    known_id = scene.session.scalars(select(KnownPerson.id)).one()
    actor = Actor.chat(scene.chat.id)
    assert correct_name_of(scene.session, known_id=known_id, actor=actor, name=OTHER, now=NOW) == 0
    assert not scene.session.scalars(select(Person.is_slip_mended)).one()


def test_a_chat_corrects_so_many_names_in_a_week_and_then_it_is_for_the_desk(scene: Scene) -> None:
    """Each correction writes an event and edits what stands in the chat; one of all that a person has counts once."""
    id, other = booked(scene), second(scene)
    for number in range(USUAL.corrected_names):
        assert correct(scene, id, f"{OTHER} {number}") == 2
    assert correct(scene, id, f"{OTHER} 2") == 0, "the same name again changes nothing"
    with pytest.raises(TooManyNames) as refused:
        correct(scene, other, OTHER)
    assert (refused.value.most, refused.value.until) == (3, NOW + timedelta(days=7))
    known_id = scene.session.scalars(select(KnownPerson.id)).one()
    with pytest.raises(TooManyNames):
        correct_name_of(scene.session, known_id=known_id, actor=Actor.chat(scene.chat.id), name=OTHER, now=NOW)
    assert name_of(scene, id) == f"{OTHER} 2"


def test_what_changes_no_appointment_uses_up_no_correction(scene: Scene) -> None:
    """Names are bound to stop the sale of appointments; a list with nothing ahead sells none."""
    known_id = scene.session.scalars(select(KnownPerson.id)).one()
    for number in range(USUAL.corrected_names + 1):
        actor = Actor.chat(scene.chat.id)
        correct_name_of(scene.session, known_id=known_id, actor=actor, name=f"{OTHER} {number}", now=NOW)
    assert correct(scene, booked(scene), OTHER) == 1


def test_after_the_week_it_is_possible_again(scene: Scene) -> None:
    far = booked(scene), second(scene, at_=at(TODAY + timedelta(days=10), hour=9))
    for number in range(USUAL.corrected_names):
        correct(scene, far[0], f"{OTHER} {number}")
    assert correct(scene, far[1], OTHER, now=NOW + timedelta(days=7)) == 1


def test_what_is_today_binds_no_name_of_the_list(scene: Scene) -> None:
    """Its name stays as it is, so the list may be corrected from its day on."""
    id = booked(scene, kind=DocumentKind.NONE)
    known_id = scene.session.scalars(select(KnownPerson.id)).one()
    given: dict[str, Any] = {"known_id": known_id, "actor": Actor.chat(scene.chat.id), "name": OTHER}
    the_day = at(WEEK, hour=0)

    with pytest.raises(NotASlip):
        correct_name_of(scene.session, **given, now=the_day - timedelta(minutes=1))
    assert correct_name_of(scene.session, **given, now=the_day) == 0

    assert name_of(scene, id) == BEFORE
    assert not scene.session.scalars(select(Person.is_slip_mended)).one()


def test_of_the_same_person_only_what_is_booked_is_corrected(scene: Scene) -> None:
    gone, stays = booked(scene), second(scene)
    cancel(scene.session, appointment_id=gone, actor=Actor.chat(scene.chat.id), now=NOW)

    assert correct(scene, stays, OTHER) == 1
    assert (name_of(scene, gone), name_of(scene, stays)) == (BEFORE, OTHER)


def test_somebody_else_of_the_same_chat_keeps_their_name(scene: Scene) -> None:
    id = booked(scene)
    child = make_person(scene.session, conversation=scene.chat, name="مریم")
    theirs = make_appointment(
        scene.session,
        slot=scene.slot(at(WEEK, hour=14)),
        service=scene.service,
        person=child,
        person_name="مریم",
        conversation=scene.chat,
    )

    assert correct(scene, id, OTHER) == 1
    assert name_of(scene, theirs.id) == "مریم"


def test_of_two_slips_at_once_only_one_is_mended(scene: Scene) -> None:
    """Both have asked whether it was mended before either wrote."""
    mend_slip(scene.session, person_id=scene.person.id)
    with pytest.raises(SlipMended):
        mend_slip(scene.session, person_id=scene.person.id)


def test_the_slip_of_one_person_uses_up_no_other(scene: Scene) -> None:
    child = make_person(scene.session, conversation=scene.chat, name="مریم")
    mend_slip(scene.session, person_id=scene.person.id)
    assert not is_slip_mended(scene.session, person_id=child.id)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("گل‌آغا رحمی", "گل‌آغا رحیمی"),
        ("گل‌آغا رحیمی", "گل آقا رحیمی"),
        ("حسن", "حسین"),
        ("محمد رضائی", "محمد رضایی"),
        ("Sohrab", "Sorhab"),  # two letters that changed places are two
    ],
)
def test_a_slip_is_at_most_two_letters(before: str, after: str) -> None:
    assert is_slip(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [("گل‌آغا رحیمی", "گل‌آغا کریمیان"), ("علی", "نبی"), ("احمد", "احمد ظاهر"), ("گل‌آغا رحیمی", "رحیمی گل‌آغا")],
)
def test_another_name_is_no_slip(before: str, after: str) -> None:
    assert not is_slip(before, after)
