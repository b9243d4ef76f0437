"""A past appointment without an outcome is work for the office: it is told once, and stays until it is recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.absences.jobs import JOBS
from desk.absences.queries import given_instead
from desk.absences.refusals import UnservedWithoutReason
from desk.absences.telling import UNRECORDED, offices_to_tell, tell_of_outcomes
from desk.absences.unrecorded import days_unrecorded, number_unrecorded, unrecorded_of_day
from desk.absences.unserved import record_unserved
from desk.acting import Actor, OutOfReach
from desk.appointments.actions import lapse
from desk.appointments.models import Appointment
from desk.appointments.queries import appointment_by_id
from desk.appointments.rules import AppointmentState
from desk.capacity.models import Queue, Slot
from desk.catalogue.models import Service
from desk.conversations.models import Conversation
from desk.deadlines.models import Deadline
from desk.events.queries import of
from desk.organisation import EVERYWHERE, NOWHERE
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState
from desk.people.models import Person
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.visits.actions import record_arrival, record_outcome, undo_outcome
from desk.visits.refusals import NotRecordable
from desk.visits.rules import Outcome
from tests.makers import (
    NOW,
    TODAY,
    acting,
    at,
    make_appointment,
    make_conversation,
    make_queue,
    make_service,
    make_slot,
)

TOMORROW = NOW + timedelta(days=1)


@pytest.fixture
def visitor(session: WriteSession) -> Appointment:
    """Somebody with an appointment today, which nobody records; in three days a time is free."""
    service = make_service(session)
    queue = make_queue(session, services=[service])
    slot = make_slot(session, queue=queue, starts_at=at(hour=10))
    make_slot(session, queue=queue, starts_at=at(hour=10) + timedelta(days=3))
    return make_appointment(session, slot=slot, service=service, conversation=make_conversation(session))


def _over(session: WriteSession) -> None:
    lapse(session, before=TODAY + timedelta(days=1), now=TOMORROW)


def _told(session: WriteSession) -> list[Deadline]:
    return list(session.scalars(select(Deadline).where(Deadline.subject == UNRECORDED)).all())


def test_time_alone_makes_nobody_absent_and_the_missing_outcome_stays(
    session: WriteSession, visitor: Appointment
) -> None:
    assert days_unrecorded(session, scope=EVERYWHERE, now=TOMORROW) == []
    _over(session)
    assert number_unrecorded(session, scope=EVERYWHERE, now=NOW) == 0  # its day is not over yet
    much_later = NOW + timedelta(days=90)
    for now in (TOMORROW, much_later):
        [day] = days_unrecorded(session, scope=EVERYWHERE, now=now)
        assert (day.office_id, day.day, day.number) == (visitor.office_id, TODAY, 1)
        assert number_unrecorded(session, scope=EVERYWHERE, now=now) == 1
    assert days_unrecorded(session, scope=NOWHERE, now=TOMORROW) == []
    row = appointment_by_id(session, appointment_id=visitor.id)
    assert row is not None
    assert row.state is AppointmentState.BOOKED


def test_the_list_names_people_only_where_it_is_asked_to(session: WriteSession, visitor: Appointment) -> None:
    _over(session)
    asked: dict[str, Any] = {"office_id": visitor.office_id, "day": TODAY, "now": TOMORROW}
    [named] = unrecorded_of_day(session, named=True, **asked)
    [nameless] = unrecorded_of_day(session, named=False, **asked)
    assert (named.appointment_id, named.person_name is None, named.has_arrived) == (visitor.id, False, False)
    assert nameless.person_name is None
    assert unrecorded_of_day(session, named=True, **{**asked, "now": NOW}) == []


@pytest.mark.parametrize("outcome", [Outcome.SERVED, Outcome.ABSENT])
def test_an_outcome_ends_the_work_item(session: WriteSession, visitor: Appointment, outcome: Outcome) -> None:
    _over(session)
    record_outcome(session, appointment_id=visitor.id, outcome=outcome, actor=acting(8), now=TOMORROW)
    assert days_unrecorded(session, scope=EVERYWHERE, now=TOMORROW) == []
    undo_outcome(session, appointment_id=visitor.id, actor=acting(8), now=TOMORROW)
    assert number_unrecorded(session, scope=EVERYWHERE, now=TOMORROW) == 1


def test_the_office_is_told_of_each_day_once_by_a_deadline(session: WriteSession, visitor: Appointment) -> None:
    [job] = JOBS
    assert (job.due, job.run) == (offices_to_tell, tell_of_outcomes)
    _over(session)
    assert offices_to_tell(session, now=TOMORROW) == [visitor.office_id]
    tell_of_outcomes(session, id=visitor.office_id, now=TOMORROW)
    assert offices_to_tell(session, now=TOMORROW) == []
    [deadline] = _told(session)
    assert (deadline.is_running, deadline.due_at) == (True, TOMORROW + timedelta(days=1))
    [entry] = [each for each in of(session, subject=f"office:{visitor.office_id}") if each.kind == "outcomes.missing"]
    assert entry.data == {"days": [TODAY.isoformat()]}

    record_outcome(session, appointment_id=visitor.id, outcome=Outcome.SERVED, actor=acting(8), now=TOMORROW)
    assert offices_to_tell(session, now=TOMORROW) == [visitor.office_id]
    tell_of_outcomes(session, id=visitor.office_id, now=TOMORROW)
    session.expire_all()
    assert [each.is_running for each in _told(session)] == [False]
    undo_outcome(session, appointment_id=visitor.id, actor=acting(8), now=TOMORROW)
    tell_of_outcomes(session, id=visitor.office_id, now=TOMORROW)
    session.expire_all()
    assert [(each.is_running, each.due_at) for each in _told(session)] == [(True, TOMORROW + timedelta(days=1))]
    assert verify(session) == []


def test_whom_the_office_did_not_serve_gets_a_new_appointment(session: WriteSession, visitor: Appointment) -> None:
    record_arrival(session, appointment_id=visitor.id, actor=acting(8), now=NOW)
    _over(session)
    given = record_unserved(
        session, appointment_id=visitor.id, reason=" The system was down. ", actor=acting(8), now=TOMORROW
    )
    assert given is not None
    assert given_instead(session, appointment_id=visitor.id) == given.appointment_id
    row = appointment_by_id(session, appointment_id=visitor.id)
    new = appointment_by_id(session, appointment_id=given.appointment_id)
    assert row is not None
    assert new is not None
    assert (row.state, row.cancel_reason) == (AppointmentState.CANCELLED_BY_OFFICE, "The system was down.")
    assert (new.day, new.is_live, new.office.id) == (TODAY + timedelta(days=3), True, visitor.office_id)
    told = session.scalars(select(OutboxMessage.notice).where(OutboxMessage.is_open)).all()
    assert "visit_unserved" in told
    assert "ticket" in told
    assert days_unrecorded(session, scope=EVERYWHERE, now=TOMORROW) == []
    with pytest.raises(NotRecordable):
        record_unserved(session, appointment_id=visitor.id, reason="again", actor=acting(8), now=TOMORROW)
    assert verify(session) == []


def test_the_new_time_leaves_two_days_to_read_of_it(session: WriteSession, visitor: Appointment) -> None:
    make_slot(session, queue=_queue(session, visitor), starts_at=at(hour=10) + timedelta(days=2))
    _over(session)
    given = record_unserved(session, appointment_id=visitor.id, reason="down", actor=acting(8), now=TOMORROW)
    assert given is not None
    assert session.get_one(Appointment, given.appointment_id).day == TODAY + timedelta(days=3)


def test_who_was_not_served_is_not_told_beside_that_an_absence_was_taken_back(
    session: WriteSession, visitor: Appointment
) -> None:
    by: dict[str, Any] = {"appointment_id": visitor.id, "actor": acting(8), "now": NOW}
    record_outcome(session, outcome=Outcome.ABSENT, is_sure=True, **by)
    for message in session.scalars(select(OutboxMessage).where(OutboxMessage.notice == "visit_absent")):
        message.state, message.is_open, message.message_id, message.sent_at = DeliveryState.SENT, False, "7", NOW
    session.flush()
    undo_outcome(session, **by)
    waits = select(OutboxMessage.notice).where(OutboxMessage.is_open)
    assert "visit_undone" in session.scalars(waits).all()
    _over(session)
    record_unserved(session, reason="down", **by | {"now": TOMORROW})
    told = session.scalars(waits).all()
    assert "visit_unserved" in told
    assert "visit_undone" not in told


def test_what_the_office_did_not_do_needs_a_reason_a_past_day_and_the_right(
    session: WriteSession, visitor: Appointment
) -> None:
    with pytest.raises(NotRecordable):
        record_unserved(session, appointment_id=visitor.id, reason="down", actor=acting(8), now=NOW)
    _over(session)
    with pytest.raises(UnservedWithoutReason):
        record_unserved(session, appointment_id=visitor.id, reason="  ", actor=acting(8), now=TOMORROW)
    with pytest.raises(OutOfReach):
        record_unserved(session, appointment_id=visitor.id, reason="down", actor=Actor.staff(8, {}), now=TOMORROW)


def test_who_has_booked_again_keeps_that_one_only(session: WriteSession, visitor: Appointment) -> None:
    _over(session)
    row = session.get_one(Appointment, visitor.id)
    make_appointment(
        session,
        slot=make_slot(session, queue=_queue(session, visitor), starts_at=at(hour=10) + timedelta(days=4)),
        service=session.get_one(Service, row.service_id),
        person=session.get_one(Person, row.person_id),
        conversation=session.get_one(Conversation, row.conversation_id),
    )
    given = record_unserved(session, appointment_id=visitor.id, reason="down", actor=acting(8), now=TOMORROW)
    assert given is None
    assert number_unrecorded(session, scope=EVERYWHERE, now=TOMORROW) == 0
    assert verify(session) == []


def _queue(session: WriteSession, visitor: Appointment) -> Queue:
    return session.get_one(Queue, session.get_one(Slot, visitor.slot_id).queue_id)
