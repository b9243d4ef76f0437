"""What clerks record of a visit: honest, dated, by name, and a slip of the finger can be taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from desk.appointments.models import Appointment
from desk.appointments.queries import appointment_by_id
from desk.appointments.rules import AppointmentState
from desk.capacity.models import Queue, Slot
from desk.events.queries import of
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.visits.actions import record_arrival, record_come_back, record_outcome, undo_arrival, undo_outcome
from desk.visits.queries import day_list
from desk.visits.refusals import DateMissing, NotRecordable, NotYetTheDay
from desk.visits.rules import Outcome
from tests.makers import (
    NOW,
    TODAY,
    acting,
    at,
    make_appointment,
    make_conversation,
    make_person,
    make_queue,
    make_service,
    make_slot,
)

TOMORROW = TODAY + timedelta(days=1)
CLERK: dict[str, Any] = {"actor": acting(8), "now": NOW}


@pytest.fixture
def visitor(session: WriteSession) -> Appointment:
    """Somebody with an appointment today."""
    service = make_service(session)
    slot = make_slot(session, queue=make_queue(session, services=[service]), starts_at=at(hour=10))
    return make_appointment(session, slot=slot, service=service, conversation=make_conversation(session))


def _slot(session: WriteSession, visitor: Appointment) -> Slot:
    return session.get_one(Slot, visitor.slot_id)


def _state(session: WriteSession, visitor: Appointment) -> tuple[AppointmentState, bool]:
    row = appointment_by_id(session, appointment_id=visitor.id)
    assert row is not None
    return row.state, row.is_live


@pytest.mark.requirement("000-05", "S")
def test_arrival_and_outcome_are_recorded_with_the_clerk(session: WriteSession, visitor: Appointment) -> None:
    record_arrival(session, appointment_id=visitor.id, **CLERK)
    record_arrival(session, appointment_id=visitor.id, **CLERK)
    assert _state(session, visitor) == (AppointmentState.ARRIVED, True)
    record_outcome(session, appointment_id=visitor.id, outcome=Outcome.SERVED, note="ok", **CLERK)
    assert _state(session, visitor) == (AppointmentState.SERVED, False)
    [row] = day_list(session, office_id=visitor.office_id, day=TODAY)
    assert (row.state, row.arrived_at, row.outcome, row.note) == (AppointmentState.SERVED, NOW, Outcome.SERVED, "ok")
    entries = of(session, subject=f"appointment:{visitor.id}")
    assert [(entry.kind, entry.actor_id, entry.data["new"]["state"]) for entry in reversed(entries)][1:] == [
        ("appointment.arrived", 8, "arrived"),
        ("appointment.outcome", 8, "served"),
    ]
    assert verify(session) == []


@pytest.mark.requirement("001-07", "S")
def test_nobody_is_told_to_come_back_without_a_later_time(session: WriteSession, visitor: Appointment) -> None:
    with pytest.raises(DateMissing):
        record_outcome(session, appointment_id=visitor.id, outcome=Outcome.COME_BACK, **CLERK)
    today = make_slot(session, queue=session.get_one(Queue, _slot(session, visitor).queue_id), starts_at=at(hour=12))
    with pytest.raises(DateMissing):
        record_come_back(session, appointment_id=visitor.id, slot_id=today.id, **CLERK)
    assert _state(session, visitor) == (AppointmentState.BOOKED, True)


def test_a_day_that_has_not_come_has_no_visits(session: WriteSession) -> None:
    ahead = make_appointment(session)
    with pytest.raises(NotYetTheDay):
        record_arrival(session, appointment_id=ahead.id, **CLERK)
    with pytest.raises(NotYetTheDay):
        record_outcome(session, appointment_id=ahead.id, outcome=Outcome.ABSENT, is_sure=True, **CLERK)


def test_who_is_here_cannot_be_called_absent(session: WriteSession, visitor: Appointment) -> None:
    record_arrival(session, appointment_id=visitor.id, **CLERK)
    with pytest.raises(NotRecordable) as refusal:
        record_outcome(session, appointment_id=visitor.id, outcome=Outcome.ABSENT, is_sure=True, **CLERK)
    assert refusal.value.state is AppointmentState.ARRIVED


def test_what_is_over_cannot_be_recorded_again(session: WriteSession, visitor: Appointment) -> None:
    record_outcome(session, appointment_id=visitor.id, outcome=Outcome.ABSENT, is_sure=True, **CLERK)
    for action in (record_arrival, undo_arrival):
        with pytest.raises(NotRecordable):
            action(session, appointment_id=visitor.id, **CLERK)
    with pytest.raises(NotRecordable):
        record_outcome(session, appointment_id=visitor.id, outcome=Outcome.SERVED, **CLERK)
    with pytest.raises(LookupError):
        record_arrival(session, appointment_id=10**6, **CLERK)


def test_a_slip_is_taken_back_step_by_step(session: WriteSession, visitor: Appointment) -> None:
    record_arrival(session, appointment_id=visitor.id, **CLERK)
    record_outcome(session, appointment_id=visitor.id, outcome=Outcome.SERVED, **CLERK)
    undo_outcome(session, appointment_id=visitor.id, **CLERK)
    assert _state(session, visitor) == (AppointmentState.ARRIVED, True)
    undo_arrival(session, appointment_id=visitor.id, **CLERK)
    assert _state(session, visitor) == (AppointmentState.BOOKED, True)
    with pytest.raises(NotRecordable):
        undo_outcome(session, appointment_id=visitor.id, **CLERK)
    [row] = day_list(session, office_id=visitor.office_id, day=TODAY)
    assert (row.arrived_at, row.outcome) == (None, None)
    assert verify(session) == []


def test_an_outcome_taken_back_the_day_after_does_not_make_the_appointment_live_again(
    session: WriteSession, visitor: Appointment
) -> None:
    record_outcome(session, appointment_id=visitor.id, outcome=Outcome.ABSENT, is_sure=True, **CLERK)
    undo_outcome(session, appointment_id=visitor.id, actor=acting(8), now=NOW + timedelta(days=1))
    assert _state(session, visitor) == (AppointmentState.BOOKED, False)
    record_outcome(
        session, appointment_id=visitor.id, outcome=Outcome.SERVED, actor=acting(8), now=NOW + timedelta(days=1)
    )
    assert _state(session, visitor) == (AppointmentState.SERVED, False)


def test_an_outcome_taken_back_never_gives_a_person_two_live_appointments(session: WriteSession) -> None:
    service = make_service(session)
    queue = make_queue(session, services=[service])
    person = make_person(session)
    slots = [make_slot(session, queue=queue, starts_at=at(hour=hour)) for hour in (10, 11)]
    first = make_appointment(session, slot=slots[0], service=service, person=person)
    record_outcome(session, appointment_id=first.id, outcome=Outcome.ABSENT, is_sure=True, **CLERK)
    second = make_appointment(session, slot=slots[1], service=service, person=person)
    undo_outcome(session, appointment_id=first.id, **CLERK)
    assert _state(session, first) == (AppointmentState.BOOKED, False)
    assert _state(session, second) == (AppointmentState.BOOKED, True)
    record_arrival(session, appointment_id=first.id, **CLERK)
    assert _state(session, first) == (AppointmentState.ARRIVED, False)
    assert verify(session) == []


def test_the_day_is_listed_in_order_and_counted(session: WriteSession) -> None:
    service = make_service(session, short_title="هویت")
    queue = make_queue(session, services=[service])
    slots = [make_slot(session, queue=queue, starts_at=at(hour=hour)) for hour in (12, 10, 11)]
    appointments = [make_appointment(session, slot=slot, service=service) for slot in slots]
    make_appointment(session, slot=slots[0], service=service, state=AppointmentState.CANCELLED_BY_PERSON)
    make_appointment(session)
    record_arrival(session, appointment_id=appointments[1].id, **CLERK)
    record_outcome(session, appointment_id=appointments[2].id, outcome=Outcome.SERVED, **CLERK)
    listed = day_list(session, office_id=queue.office_id, day=TODAY)
    assert [row.appointment_id for row in listed] == [appointments[1].id, appointments[2].id, appointments[0].id]
    assert listed[0].service.to_mapping() == {"fa": "هویت"}
    assert listed[0].identity_last4 == "4821"
    assert len(day_list(session, office_id=queue.office_id, day=TODAY, with_cancelled=True)) == 4
    assert day_list(session, office_id=queue.office_id, day=TOMORROW) == []
