"""Booking, moving and cancelling an appointment: what is promised, what is refused, and no trace of a refusal."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from desk.acting import SYSTEM, Actor
from desk.appointments.actions import cancel, cancel_by_office, lapse, move
from desk.appointments.queries import appointment_by_id, by_code, last_of_conversation, of_conversation
from desk.appointments.refusals import (
    AlreadyHasAppointment,
    NotBookable,
    NotCancellable,
    NotYours,
    ServiceNotOffered,
    SlotPassed,
    SlotTaken,
)
from desk.appointments.rules import AppointmentState, reminders
from desk.capacity.models import SlotStatus
from desk.codes import TrackingCode
from desk.events.queries import of
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import Lane
from desk.people.rules import DocumentKind
from desk.places.actions import hold
from desk.places.models import Claim
from desk.storage.base import WriteSession
from desk.verify import verify
from tests.domain.booking_scene import WEEK, Scene
from tests.makers import (
    AT_ONCE,
    NOW,
    TODAY,
    acting,
    appointment_code,
    at,
    make_appointment,
    make_conversation,
    make_office,
    make_queue,
    make_service,
    make_slot,
)

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def scene(session: WriteSession) -> Scene:
    return Scene(session)


def test_a_booked_appointment_has_its_place_its_ticket_and_two_reminders(scene: Scene) -> None:
    slot = scene.slot()
    booked = scene.book(slot)
    row = appointment_by_id(scene.session, appointment_id=booked.appointment_id)
    assert row is not None
    assert (row.state, row.starts_at, row.day, row.moves) == (AppointmentState.BOOKED, at(WEEK, hour=9), WEEK, 0)
    assert (row.person_name, row.identity_last4, row.document_kind) == ("گل‌آقا رحیمی", "4821", DocumentKind.AMAYESH)
    assert row.office.id == scene.queue.office_id
    assert row.service.id == scene.service.id
    assert by_code(scene.session, code=booked.code) == row
    assert scene.left(slot) == 1
    assert scene.messages() == [
        (f"ticket:{row.id}:0", NOW),
        (f"reminder:{row.id}:0:evening", at(WEEK - timedelta(days=1), hour=18)),
        (f"reminder:{row.id}:0:shortly", at(WEEK, hour=7)),
    ]
    lanes = scene.session.execute(select(OutboxMessage.notice, OutboxMessage.lane, OutboxMessage.params).distinct())
    assert {(notice, Lane(lane), params.get("moves")) for notice, lane, params in lanes} == {
        ("ticket", Lane.REPLY, 0),
        ("reminder", Lane.BULK, 0),
    }
    assert "outbox" in scene.session.topics
    assert verify(scene.session) == []


@pytest.mark.parametrize(
    ("starts", "expected"),
    [
        (at(TOMORROW, hour=9), ["evening", "shortly"]),
        (at(hour=15), ["shortly"]),
        (at(hour=11, minute=30), []),
        (at(hour=10), []),
    ],
)
def test_only_reminders_that_lie_ahead_are_planned(starts: datetime, expected: list[str]) -> None:
    assert [which for which, _ in reminders(starts, zone="Asia/Tehran", now=NOW)] == expected


def test_reminders_go_by_the_clock_of_the_office() -> None:
    [(_, evening), _] = reminders(at(WEEK, hour=9), zone="Asia/Kabul", now=NOW)
    assert evening == at(WEEK - timedelta(days=1), hour=17)


def test_an_appointment_booked_at_the_counter_has_no_chat_to_tell(scene: Scene) -> None:
    scene.book(scene.slot(), actor=SYSTEM)
    assert scene.messages() == []
    assert verify(scene.session) == []


def test_the_same_key_books_once_and_answers_the_same(scene: Scene) -> None:
    slot = scene.slot()
    first = scene.book(slot, idem_key="tap")
    again = scene.book(slot, idem_key="tap", code=appointment_code())
    assert (again.appointment_id, again.code, again.is_repeat) == (first.appointment_id, first.code, True)
    slot.status, slot.is_open = SlotStatus.CLOSED, False
    late = scene.book(slot, idem_key="tap", now=NOW + timedelta(days=30))
    assert late == again
    assert scene.left(slot) == 1


def test_a_code_that_was_given_before_is_replaced_by_another(scene: Scene) -> None:
    taken = make_appointment(scene.session)
    booked = scene.book(scene.slot(), code=TrackingCode(taken.code))
    assert booked.code.digits != taken.code
    assert not booked.is_repeat
    assert by_code(scene.session, code=booked.code) is not None


def test_a_full_time_is_refused_and_nothing_is_left_behind(scene: Scene) -> None:
    slot = scene.slot(capacity=1, remaining=0)
    other = scene.slot(at(WEEK, hour=10))
    hold(scene.session, actor=Actor.chat(scene.chat.id), slot_id=other.id, now=NOW)
    refusal = scene.refused(SlotTaken, lambda _s: scene.book(slot))
    assert refusal == SlotTaken(slot_id=slot.id)


def test_times_that_passed_or_were_closed_are_refused(scene: Scene) -> None:
    past = scene.slot(NOW)
    closed = scene.slot(at(WEEK, hour=8), capacity=0, status=SlotStatus.CLOSED)
    scene.refused(SlotPassed, lambda _s: scene.book(past))
    scene.refused(SlotTaken, lambda _s: scene.book(closed))
    scene.refused(SlotTaken, lambda _s: scene.book(past, slot_id=10**6))


@pytest.mark.requirement("004-05", "A")
@pytest.mark.parametrize("what", [{"is_bookable": False}, {"is_bookable": True, "is_irreversible": True}])
def test_what_is_information_only_can_never_be_booked(scene: Scene, what: dict[str, Any]) -> None:
    service = make_service(scene.session, **what)
    queue = make_queue(scene.session, services=[service])
    slot = make_slot(scene.session, queue=queue)
    refusal = scene.refused(NotBookable, lambda _s: scene.book(slot, service_id=service.id))
    assert refusal == NotBookable(service_id=service.id)


def test_a_queue_that_does_not_serve_the_service_is_refused(scene: Scene) -> None:
    other = make_service(scene.session)
    slot = scene.slot()
    scene.refused(ServiceNotOffered, lambda _s: scene.book(slot, service_id=other.id))
    shut = make_queue(scene.session, office=make_office(scene.session, is_active=False), services=[scene.service])
    dark = make_slot(scene.session, queue=shut)
    scene.refused(ServiceNotOffered, lambda _s: scene.book(dark))


@pytest.mark.requirement("000-10", "S")
def test_a_second_appointment_of_a_person_is_refused_in_the_same_chat(scene: Scene) -> None:
    first = scene.book(scene.slot())
    other_slot = make_slot(scene.session, queue=make_queue(scene.session, services=[scene.service]))
    own = scene.refused(AlreadyHasAppointment, lambda _s: scene.book(other_slot))
    assert own == AlreadyHasAppointment(appointment_id=first.appointment_id, is_own_chat=True)
    another = make_service(scene.session)
    free = make_slot(scene.session, queue=make_queue(scene.session, services=[another]))
    assert scene.book(free, service_id=another.id).appointment_id != first.appointment_id


def test_an_appointment_that_nobody_recorded_does_not_stand_in_the_way_the_day_after(scene: Scene) -> None:
    scene.book(scene.slot(at(hour=10)))
    evening, morning = at(hour=23, minute=59), at(TOMORROW, hour=0)
    wanted = scene.slot(at(WEEK, hour=10))
    scene.refused(AlreadyHasAppointment, lambda _s: scene.book(wanted, now=evening))
    booked = scene.book(wanted, now=morning)
    assert {key.split(":")[1] for key, _ in scene.messages()} == {str(booked.appointment_id)}
    assert verify(scene.session) == []


def test_lapse_lets_unrecorded_appointments_go_and_takes_their_reminders_back(scene: Scene) -> None:
    booked = scene.book(scene.slot(at(hour=15)))
    assert lapse(scene.session, before=TODAY, now=NOW) == 0
    assert lapse(scene.session, before=TOMORROW, now=NOW) == 1
    row = appointment_by_id(scene.session, appointment_id=booked.appointment_id)
    assert row is not None
    assert (row.state, row.is_live) == (AppointmentState.BOOKED, False)
    assert scene.messages() == []
    assert verify(scene.session) == []


def test_the_held_place_becomes_the_appointment_and_another_held_one_is_given_up(scene: Scene) -> None:
    wanted, other = scene.slot(capacity=1), scene.slot(at(WEEK, hour=10), capacity=1)
    hold(scene.session, actor=Actor.chat(scene.chat.id), slot_id=wanted.id, now=NOW)
    booked = scene.book(wanted)
    assert scene.left(wanted) == 0
    assert scene.session.scalar(select(func.count()).select_from(Claim)) == 0
    mine: dict[str, Any] = {"appointment_id": booked.appointment_id, "actor": Actor.chat(scene.chat.id)}
    cancel(scene.session, **mine, rest=AT_ONCE, now=NOW)
    hold(scene.session, actor=Actor.chat(scene.chat.id), slot_id=other.id, now=NOW)
    scene.book(wanted)
    assert (scene.left(wanted), scene.left(other)) == (0, 1)
    assert verify(scene.session) == []


def test_a_held_place_of_a_day_that_was_closed_meanwhile_cannot_be_booked(scene: Scene) -> None:
    slot = scene.slot(capacity=1)
    hold(scene.session, actor=Actor.chat(scene.chat.id), slot_id=slot.id, now=NOW)
    scene.session.refresh(slot)
    slot.planned, slot.status = 0, SlotStatus.CLOSED
    scene.session.flush()
    scene.refused(SlotTaken, lambda _s: scene.book(slot))


def test_booking_takes_few_statements(scene: Scene) -> None:
    slot = scene.slot()
    hold(scene.session, actor=Actor.chat(scene.chat.id), slot_id=slot.id, now=NOW)
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    connection = scene.session.connection()
    event.listen(connection, "before_cursor_execute", note)
    scene.book(slot)
    event.remove(connection, "before_cursor_execute", note)
    # The appointment, its history, its three messages, the hold, and the counter last.
    assert len(statements) == 5, statements
    assert statements[0].startswith("INSERT INTO appointments")
    assert statements[-1].startswith("UPDATE slots")


# -- cancelling


def test_cancelling_frees_the_place_and_takes_back_what_is_no_longer_true(scene: Scene) -> None:
    slot = scene.slot(capacity=1)
    booked = scene.book(slot)
    mine: dict[str, Any] = {"appointment_id": booked.appointment_id, "actor": Actor.chat(scene.chat.id)}
    mine |= {"rest": AT_ONCE, "now": NOW}
    assert not cancel(scene.session, **mine).is_repeat
    assert scene.left(slot) == 1
    assert scene.messages() == [(f"ticket_changed:{booked.appointment_id}:over", NOW)]
    assert cancel(scene.session, **mine).is_repeat
    assert scene.left(slot) == 1
    assert of_conversation(scene.session, conversation_id=scene.chat.id, now=NOW) == []
    [row] = of_conversation(scene.session, conversation_id=scene.chat.id, now=NOW, live_only=False)
    assert row.state is AppointmentState.CANCELLED_BY_PERSON
    assert not scene.book(slot).is_repeat
    assert verify(scene.session) == []


def test_only_the_chat_that_booked_can_cancel_or_move(scene: Scene) -> None:
    booked = scene.book(scene.slot())
    stranger = make_conversation(scene.session)
    free = scene.slot(at(WEEK, hour=11))
    theirs: dict[str, Any] = {"appointment_id": booked.appointment_id, "actor": Actor.chat(stranger.id), "now": NOW}
    scene.refused(NotYours, cancel, **theirs)
    scene.refused(NotYours, move, idem_key="m", slot_id=free.id, **theirs)
    scene.refused(NotYours, cancel, **(theirs | {"appointment_id": 10**6}))


@pytest.mark.parametrize(
    "state",
    [
        AppointmentState.ARRIVED,
        AppointmentState.SERVED,
        AppointmentState.COME_BACK,
        AppointmentState.ABSENT,
        AppointmentState.CANCELLED_BY_OFFICE,
    ],
)
def test_an_appointment_that_is_no_longer_booked_is_neither_cancelled_nor_moved(scene: Scene, state: str) -> None:
    slot, free = scene.slot(), scene.slot(at(WEEK, hour=11))
    made = make_appointment(
        scene.session,
        slot=slot,
        service=scene.service,
        person=scene.person,
        conversation=scene.chat,
        state=AppointmentState(state),
    )
    mine: dict[str, Any] = {"appointment_id": made.id, "actor": Actor.chat(scene.chat.id), "now": NOW}
    assert scene.refused(NotCancellable, cancel, **mine).state == state
    assert scene.refused(NotCancellable, move, idem_key="m", slot_id=free.id, **mine).state == state


@pytest.mark.requirement("002-08", "A")
def test_the_office_cancels_with_a_reason_that_the_person_is_told(scene: Scene) -> None:
    slot = scene.slot()
    booked = scene.book(slot)
    office: dict[str, Any] = {"appointment_id": booked.appointment_id, "actor": acting(4), "now": NOW}
    cancel_by_office(scene.session, reason="برق رفت", **office)
    row = appointment_by_id(scene.session, appointment_id=booked.appointment_id)
    assert row is not None
    assert (row.state, row.cancel_reason) == (AppointmentState.CANCELLED_BY_OFFICE, "برق رفت")
    assert [key for key, _ in scene.messages()] == [f"ticket_changed:{row.id}:over", f"cancelled:{row.id}:0"]
    history = of(scene.session, subject=f"appointment:{row.id}")
    assert [(entry.kind, entry.actor_id) for entry in history] == [
        ("appointment.cancelled", 4),
        ("appointment.booked", None),
    ]
    assert scene.left(slot) == 2
    scene.refused(NotCancellable, cancel_by_office, reason="", **office)
    assert verify(scene.session) == []


# -- moving


def test_moving_gives_the_old_place_back_and_plans_everything_anew(scene: Scene) -> None:
    old, new = scene.slot(capacity=1), scene.slot(at(WEEK, hour=11), capacity=1)
    booked = scene.book(old)
    mine: dict[str, Any] = {
        "appointment_id": booked.appointment_id,
        "actor": Actor.chat(scene.chat.id),
        "slot_id": new.id,
        "rest": AT_ONCE,
        "now": NOW,
    }
    moved = move(scene.session, idem_key="m1", **mine)
    assert (moved.starts_at, moved.code, moved.is_repeat) == (at(WEEK, hour=11), booked.code, False)
    assert (scene.left(old), scene.left(new)) == (1, 0)
    assert [key for key, _ in scene.messages()] == [
        f"{what}:{booked.appointment_id}:1{which}"
        for what, which in (("ticket_changed", ""), ("ticket", ""), ("reminder", ":evening"), ("reminder", ":shortly"))
    ]
    assert move(scene.session, idem_key="m1", **mine).is_repeat
    assert move(scene.session, idem_key="m2", **mine).is_repeat
    move(scene.session, idem_key="m3", **(mine | {"slot_id": old.id}))
    late = move(scene.session, idem_key="m1", **mine)
    assert (late.starts_at, late.is_repeat) == (at(WEEK, hour=9), True)
    assert verify(scene.session) == []


def test_moving_uses_the_held_place_and_gives_up_any_other(scene: Scene) -> None:
    old, new, third = (scene.slot(at(WEEK, hour=hour), capacity=1) for hour in (9, 10, 11))
    booked = scene.book(old)
    mine: dict[str, Any] = {"appointment_id": booked.appointment_id, "actor": Actor.chat(scene.chat.id)}
    mine |= {"rest": AT_ONCE, "now": NOW}
    hold(scene.session, actor=Actor.chat(scene.chat.id), slot_id=new.id, now=NOW)
    move(scene.session, idem_key="m1", slot_id=new.id, **mine)
    assert [scene.left(slot) for slot in (old, new, third)] == [1, 0, 1]
    hold(scene.session, actor=Actor.chat(scene.chat.id), slot_id=third.id, now=NOW)
    move(scene.session, idem_key="m2", slot_id=old.id, **mine)
    assert [scene.left(slot) for slot in (old, new, third)] == [0, 1, 1]
    assert verify(scene.session) == []


def test_a_move_that_is_refused_leaves_the_old_appointment_whole(scene: Scene) -> None:
    booked = scene.book(scene.slot())
    full = scene.slot(at(WEEK, hour=10), capacity=1, remaining=0)
    past = scene.slot(NOW)
    elsewhere = make_slot(scene.session, queue=make_queue(scene.session, services=[make_service(scene.session)]))
    mine: dict[str, Any] = {"appointment_id": booked.appointment_id, "actor": Actor.chat(scene.chat.id), "now": NOW}
    scene.refused(SlotTaken, move, idem_key="a", slot_id=full.id, **mine)
    scene.refused(SlotPassed, move, idem_key="b", slot_id=past.id, **mine)
    scene.refused(ServiceNotOffered, move, idem_key="c", slot_id=elsewhere.id, **mine)


# -- lists


def test_a_chat_sees_its_live_appointments_soonest_first_until_their_day_is_over(scene: Scene) -> None:
    other = make_service(scene.session)
    queue = make_queue(scene.session, services=[other])
    late = scene.book(scene.slot(at(WEEK, hour=9)))
    soon = scene.book(make_slot(scene.session, queue=queue, starts_at=at(hour=10)), service_id=other.id)
    mine: dict[str, Any] = {"conversation_id": scene.chat.id}
    ids = [late.appointment_id, soon.appointment_id]
    assert [row.id for row in of_conversation(scene.session, now=at(hour=23), **mine)] == ids[::-1]
    assert [row.id for row in of_conversation(scene.session, now=at(TOMORROW, hour=1), **mine)] == ids[:1]
    last = last_of_conversation(scene.session, **mine)
    assert last is not None
    assert (last.service_id, last.office_id, last.person_id) == (other.id, queue.office_id, scene.person.id)
    assert last_of_conversation(scene.session, conversation_id=10**6) is None
