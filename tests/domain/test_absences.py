"""A recorded absence is asked about, a second person decides, and time alone makes nobody absent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.absences.deciding import decide
from desk.absences.models import Absence
from desk.absences.objecting import say_away, say_there
from desk.absences.queries import absence, decided, given_instead, last_of, number_objected, objections
from desk.absences.refusals import AbsenceSettled, NoAbsence, SecondPersonNeeded, UpheldWithoutWhy
from desk.absences.rules import DECIDE_WITHIN, OBJECT_WITHIN, AbsenceState, UpheldWhy
from desk.acting import Actor, OutOfReach
from desk.appointments.models import Appointment
from desk.appointments.proposing import kept_since
from desk.appointments.queries import appointment_by_id
from desk.appointments.rules import AppointmentState
from desk.events.models import Event
from desk.events.queries import of
from desk.organisation import EVERYWHERE
from desk.outbox.models import OutboxMessage
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.visits.actions import record_outcome, undo_outcome
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
CLERK, MANAGER, OTHER = 8, 9, 10


@pytest.fixture
def visitor(session: WriteSession) -> Appointment:
    """Somebody who was called absent by a clerk today; in three days a time is free."""
    service = make_service(session)
    queue = make_queue(session, services=[service])
    slot = make_slot(session, queue=queue, starts_at=at(hour=10))
    make_slot(session, queue=queue, starts_at=at(hour=10) + timedelta(days=3))
    person = make_appointment(session, slot=slot, service=service, conversation=make_conversation(session))
    _absent(session, person)
    return person


def _absent(session: WriteSession, visitor: Appointment) -> None:
    record_outcome(
        session, appointment_id=visitor.id, outcome=Outcome.ABSENT, is_sure=True, actor=acting(CLERK), now=NOW
    )


def _chat(visitor: Appointment) -> dict[str, Any]:
    return {"appointment_id": visitor.id, "actor": Actor.chat(visitor.conversation_id), "now": NOW}


def _state(session: WriteSession, visitor: Appointment) -> AppointmentState:
    row = appointment_by_id(session, appointment_id=visitor.id)
    assert row is not None
    return row.state


def _notices(session: WriteSession) -> list[str]:
    return list(session.scalars(select(OutboxMessage.notice).where(OutboxMessage.is_open).order_by(OutboxMessage.id)))


def _objected(session: WriteSession, visitor: Appointment) -> int:
    say_there(session, **_chat(visitor))
    [row] = objections(session, scope=EVERYWHERE, limit=10)
    return row.id


def test_an_absence_is_kept_with_its_clerk_and_waits_for_the_person(
    session: WriteSession, visitor: Appointment
) -> None:
    [row] = session.scalars(select(Absence)).all()
    assert (row.state, row.recorded_by, row.recorded_at) == (AbsenceState.ASKED, CLERK, NOW)
    assert objections(session, scope=EVERYWHERE, limit=10) == []
    assert verify(session) == []


def test_who_was_there_objects_and_the_day_of_the_decision_is_kept(session: WriteSession, visitor: Appointment) -> None:
    until = say_there(session, **_chat(visitor))
    assert until == NOW + DECIDE_WITHIN
    assert say_there(session, **{**_chat(visitor), "now": TOMORROW}) == until
    [row] = objections(session, scope=EVERYWHERE, limit=10)
    assert row.due is not None
    assert (row.recorded_by, row.due.at, row.due.is_late(until + timedelta(seconds=1))) == (CLERK, until, True)
    assert number_objected(session, scope=EVERYWHERE) == 1
    assert verify(session) == []


def test_another_chat_cannot_object_and_one_that_is_too_late_neither(
    session: WriteSession, visitor: Appointment
) -> None:
    other = Actor.chat(make_conversation(session).id)
    with pytest.raises(NoAbsence):
        say_there(session, **{**_chat(visitor), "actor": other})
    with pytest.raises(AbsenceSettled):
        say_there(session, **{**_chat(visitor), "now": NOW + OBJECT_WITHIN})


def test_who_could_not_come_may_still_say_that_they_were_there(session: WriteSession, visitor: Appointment) -> None:
    say_away(session, **_chat(visitor))
    say_away(session, **_chat(visitor))
    assert last_of(session, appointment_id=visitor.id) == (AbsenceState.AWAY, NOW, None)
    assert number_objected(session, scope=EVERYWHERE) == 0
    say_there(session, **_chat(visitor))
    assert number_objected(session, scope=EVERYWHERE) == 1
    with pytest.raises(AbsenceSettled):
        say_away(session, **_chat(visitor))


def test_who_recorded_it_does_not_decide(session: WriteSession, visitor: Appointment) -> None:
    id = _objected(session, visitor)
    with pytest.raises(SecondPersonNeeded):
        decide(session, absence_id=id, is_overturned=True, actor=acting(CLERK), now=TOMORROW)
    with pytest.raises(OutOfReach):
        decide(session, absence_id=id, is_overturned=True, actor=Actor.staff(MANAGER, {}), now=TOMORROW)
    assert number_objected(session, scope=EVERYWHERE) == 1


def test_an_overturned_absence_counts_nowhere_and_gives_a_new_appointment(
    session: WriteSession, visitor: Appointment
) -> None:
    id = _objected(session, visitor)
    decide(session, absence_id=id, is_overturned=True, actor=acting(MANAGER), now=TOMORROW)
    assert _state(session, visitor) is AppointmentState.CANCELLED_BY_OFFICE
    given = given_instead(session, appointment_id=visitor.id)
    assert given is not None
    new = appointment_by_id(session, appointment_id=given)
    assert new is not None
    assert (new.day, new.is_live, new.conversation_id) == (TODAY + timedelta(days=3), True, visitor.conversation_id)
    assert [each for each in _notices(session) if each in ("absence_overturned", "visit_undone", "visit_absent")] == [
        "absence_overturned"
    ]
    [row] = decided(session, scope=EVERYWHERE, limit=10)
    assert (row.state, row.decided_at, row.due and row.due.is_running) == (AbsenceState.OVERTURNED, TOMORROW, False)
    [entry, *_] = of(session, subject=f"absence:{id}")
    assert (entry.kind, entry.actor_id, entry.data["new"]["state"]) == ("absence.decided", MANAGER, "overturned")
    with pytest.raises(AbsenceSettled):
        decide(session, absence_id=id, is_overturned=True, actor=acting(MANAGER), now=TOMORROW)
    assert verify(session) == []


def test_an_absence_that_is_overturned_on_its_day_leaves_the_appointment_as_before(
    session: WriteSession, visitor: Appointment
) -> None:
    id = _objected(session, visitor)
    decide(session, absence_id=id, is_overturned=True, actor=acting(MANAGER), now=NOW)
    row = appointment_by_id(session, appointment_id=visitor.id)
    assert row is not None
    assert (row.state, row.is_live) == (AppointmentState.BOOKED, True)
    assert given_instead(session, appointment_id=visitor.id) is None
    assert "absence_overturned" in _notices(session)
    assert verify(session) == []


def test_an_absence_stands_only_with_a_reason_which_the_person_is_told(
    session: WriteSession, visitor: Appointment
) -> None:
    id = _objected(session, visitor)
    with pytest.raises(UpheldWithoutWhy):
        decide(session, absence_id=id, is_overturned=False, actor=acting(MANAGER), now=TOMORROW)
    decide(
        session,
        absence_id=id,
        is_overturned=False,
        why=UpheldWhy.ANOTHER_DAY,
        actor=acting(MANAGER),
        now=TOMORROW,
    )
    assert _state(session, visitor) is AppointmentState.ABSENT
    assert last_of(session, appointment_id=visitor.id) == (AbsenceState.UPHELD, NOW, UpheldWhy.ANOTHER_DAY)
    assert "absence_upheld" in _notices(session)
    assert given_instead(session, appointment_id=visitor.id) is None
    with pytest.raises(AbsenceSettled):
        say_there(session, **_chat(visitor))
    assert verify(session) == []


def test_an_absence_that_the_office_takes_back_is_decided_no_more(session: WriteSession, visitor: Appointment) -> None:
    id = _objected(session, visitor)
    undo_outcome(session, appointment_id=visitor.id, actor=acting(CLERK), now=TOMORROW)
    row = absence(session, absence_id=id)
    assert row is not None
    assert row.state is AbsenceState.UNDONE
    assert number_objected(session, scope=EVERYWHERE) == 0
    assert verify(session) == []
    assert objections(session, scope=EVERYWHERE, limit=10) == []
    told = [(each.kind, each.actor_id) for each in of(session, subject=f"absence:{id}")]
    assert told.count(("absence.taken_back", CLERK)) == 1


def test_an_absence_that_is_taken_back_and_recorded_again_is_objected_to_as_before(
    session: WriteSession, visitor: Appointment
) -> None:
    _objected(session, visitor)
    undo_outcome(session, appointment_id=visitor.id, actor=acting(CLERK), now=TOMORROW)
    record_outcome(
        session, appointment_id=visitor.id, outcome=Outcome.ABSENT, is_sure=True, actor=acting(OTHER), now=TOMORROW
    )
    [row] = objections(session, scope=EVERYWHERE, limit=10)
    assert (row.recorded_by, row.answered_at) == (OTHER, NOW)
    assert say_there(session, **{**_chat(visitor), "now": TOMORROW}) == NOW + DECIDE_WITHIN, "as they were told"
    for recorder in (CLERK, OTHER):
        with pytest.raises(SecondPersonNeeded):
            decide(session, absence_id=row.id, is_overturned=True, actor=acting(recorder), now=TOMORROW)
    assert verify(session) == []
    decide(session, absence_id=row.id, is_overturned=True, actor=acting(MANAGER), now=TOMORROW)
    assert verify(session) == []


def test_what_is_recorded_again_after_the_day_of_the_answer_is_late_at_once(
    session: WriteSession, visitor: Appointment
) -> None:
    _objected(session, visitor)
    later = NOW + DECIDE_WITHIN + timedelta(days=1)
    undo_outcome(session, appointment_id=visitor.id, actor=acting(CLERK), now=later)
    record_outcome(session, appointment_id=visitor.id, outcome=Outcome.ABSENT, actor=acting(CLERK), now=later)
    [row] = objections(session, scope=EVERYWHERE, limit=10)
    assert row.due is not None
    assert (row.due.at, row.due.is_late(later)) == (NOW + DECIDE_WITHIN, True)
    assert verify(session) == []


def test_an_absence_to_which_nobody_objected_is_asked_about_when_it_is_recorded_again(
    session: WriteSession, visitor: Appointment
) -> None:
    say_away(session, **_chat(visitor))
    undo_outcome(session, appointment_id=visitor.id, actor=acting(CLERK), now=TOMORROW)
    _absent(session, visitor)
    assert "absence.taken_back" not in session.scalars(select(Event.kind)).all()
    assert last_of(session, appointment_id=visitor.id) == (AbsenceState.ASKED, NOW, None)
    assert verify(session) == []


def test_where_nothing_is_free_the_overturned_keeps_the_place_in_the_line(
    session: WriteSession, visitor: Appointment
) -> None:
    id = _objected(session, visitor)
    later = TOMORROW + timedelta(days=5)
    decide(session, absence_id=id, is_overturned=True, actor=acting(MANAGER), now=later)
    assert given_instead(session, appointment_id=visitor.id) is None
    row = session.get_one(Appointment, visitor.id)
    assert visitor.conversation_id is not None
    assert row.person_id is not None
    kept = kept_since(
        session,
        conversation_id=visitor.conversation_id,
        person_ids=[row.person_id],
        service_id=row.service_id,
        now=later,
    )
    assert kept == row.created_at
    assert verify(session) == []
