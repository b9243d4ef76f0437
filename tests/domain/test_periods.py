"""Nothing that is said of people is kept without an end: jobs erase it after its period, and `verify` asks them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.appointments.privacy import forget_names
from desk.appointments.rules import AppointmentState
from desk.cases import actions as cases
from desk.cases.models import Case, CaseDraft, CaseEntry, CaseWord
from desk.cases.refusals import PersonErased
from desk.cases.rules import CaseState, CloseReason
from desk.conversations import actions as conversations
from desk.deadlines import actions as deadlines
from desk.deadlines.models import Deadline
from desk.deadlines.rules import MARSHAL, Promise
from desk.events import actions as events
from desk.events.models import Event
from desk.events.sealing import SETTLED, seal
from desk.people.models import Person
from desk.periods import GRACE, USUAL_PERIODS, Periods
from desk.rosters.models import DayOffDuty, Leave, ToldDay
from desk.rosters.telling import ROSTERS
from desk.staff.permissions import Role
from desk.storage.base import ReadSession, WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from desk.visits.models import Visit
from desk.visits.rules import Outcome
from desk.visits.stored import stored_note
from mizban.jobs import Jobs, kept_too_long
from tests.makers import (
    NOW,
    TODAY,
    acting,
    at,
    by_staff,
    make_appointment,
    make_conversation,
    make_office,
    make_person,
    make_queue,
    make_service,
    make_slot,
    make_staff,
)
from tests.makers_cases import file_complaint, texts
from tests.makers_rosters import put_leave
from tests.transcripts.stage import Clock

TEXT = "پنجاه هزار تومان بیشتر گرفتند."


def served(session: WriteSession, *, days_ago: int) -> int:
    """An appointment of somebody who was served so many days ago, and of whom the clerk noted something."""
    service = make_service(session)
    slot = make_slot(
        session, queue=make_queue(session, services=[service]), starts_at=at(TODAY - timedelta(days=days_ago), hour=9)
    )
    appointment = make_appointment(
        session,
        slot=slot,
        service=service,
        person=make_person(session),
        conversation=make_conversation(session),
        state=AppointmentState.SERVED,
    )
    appointment.idem_key = f"{appointment.conversation_id}.1.book"
    note = stored_note(session.keys, "برادرش آمد", appointment_id=appointment.id)
    session.add(Visit(appointment_id=appointment.id, outcome=Outcome.SERVED, note_sealed=note))
    session.flush()
    return appointment.id


def closed_case(session: WriteSession, *, ago: timedelta) -> int:
    """A complaint that was answered and closed so long ago, with a note of staff."""
    officer = make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-30").id
    filed = file_complaint(session, office=make_office(session), text=TEXT, now=NOW - ago - timedelta(days=2))
    by_staff(cases.note)(session, case_id=filed.case_id, staff_id=officer, text="با دفتر گفتم", now=NOW - ago)
    by_staff(cases.close)(
        session,
        case_id=filed.case_id,
        staff_id=officer,
        reason=CloseReason.ANSWERED,
        text="دفتر رسید را نشان داد.",
        now=NOW - ago,
    )
    return filed.case_id


def said(session: ReadSession, case_id: int) -> list[str]:
    """What can still be read in a case."""
    return [text for text in texts(session, CaseEntry.case_id == case_id) if text]


async def left(storage: Storage, *, now: datetime = NOW, periods: Periods = USUAL_PERIODS) -> set[str]:
    """What `mizban verify` names."""
    return {each.rule for each in await storage.read(kept_too_long, periods=periods, now=now)}


async def test_whose_a_turn_was_goes_after_its_period_and_the_count_stays(storage: Storage) -> None:
    old = await storage.write(served, days_ago=32)
    young = await storage.write(served, days_ago=29)
    assert await left(storage) == {"forget_names_of_appointments_done", "forget_notes_on_visits_done"}
    jobs = Jobs(storage=storage, clock=Clock())
    for name in ("forget_names_of_appointments", "forget_notes_on_visits", "forget_people"):
        assert await jobs.run(name) == 1, name
        assert await jobs.run(name) == 0, name
    assert await left(storage) == set()

    def look(session: ReadSession) -> None:
        past, recent = session.get_one(Appointment, old), session.get_one(Appointment, young)
        assert (past.name_sealed, past.person_id, past.conversation_id, past.document_kind) == (None, None, None, None)
        assert past.idem_key == f"erased:{old}"
        assert past.state is AppointmentState.SERVED
        assert recent.name_sealed
        assert recent.person_id
        notes = {visit.appointment_id: visit.note_sealed for visit in session.scalars(select(Visit))}
        assert notes[old] is None
        assert notes[young]
        assert session.scalars(select(Person.id)).all() == [recent.person_id], "the last four went with the person"

    await storage.read(look)


async def test_a_closed_case_is_a_count_after_its_period(storage: Storage) -> None:
    old = await storage.write(closed_case, ago=timedelta(days=367))
    young = await storage.write(closed_case, ago=timedelta(days=364))
    assert await left(storage) == {"forget_closed_cases_done"}
    kept = await storage.read(said, young)
    assert len(kept) >= 3
    jobs = Jobs(storage=storage, clock=Clock())
    assert await jobs.run("forget_closed_cases") == 1
    assert await jobs.run("forget_closed_cases") == 0
    assert await left(storage) == set()
    assert await storage.read(said, old) == []
    assert await storage.read(said, young) == kept

    def look(session: ReadSession) -> None:
        case = session.get_one(Case, old)
        assert (case.state, case.close_reason) == (CaseState.CLOSED, CloseReason.ANSWERED)
        assert (case.conversation_id, case.facts_sealed, case.name_sealed) == (None, None, None)
        for table in (CaseWord, CaseDraft):
            assert not session.scalars(select(table.case_id).where(table.case_id == old)).all()
        assert verify(session) == []

    await storage.read(look)

    def write_on(session: WriteSession) -> None:
        officer = make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-30").id
        with pytest.raises(PersonErased):
            by_staff(cases.note)(session, case_id=old, staff_id=officer, text="باز هم", now=NOW)

    await storage.write(write_on)


async def test_an_open_case_is_no_old_one(storage: Storage) -> None:
    def file(session: WriteSession) -> int:
        return file_complaint(session, text=TEXT, now=NOW - timedelta(days=2000)).case_id

    case = await storage.write(file)
    assert await left(storage) == set()
    assert await Jobs(storage=storage, clock=Clock()).run("forget_closed_cases") == 0
    assert await storage.read(said, case)


async def test_unfinished_answers_and_old_history_are_asked_for(storage: Storage) -> None:
    def prepare(session: WriteSession) -> None:
        chat = conversations.add_conversation(
            session,
            id=77,
            channel="bale",
            bot="mizban",
            chat="9",
            locale="fa",
            state={"flow": "book", "step": "service", "draft": {"service": 1}},
            limits_mark="ab" * 32,
            now=NOW - timedelta(days=9),
        )
        chat.is_unfinished = True
        events.note(
            session,
            kind="office.update",
            subject="office:1",
            actor=acting(4),
            old={"address": None},
            new={"address": "خیابان ۷"},
            now=NOW - timedelta(days=3 * 365 + 3),
        )

    await storage.write(prepare)
    await storage.write(seal, now=NOW + SETTLED, limit=9)
    assert await left(storage) == {"forget_answers_done", "forget_old_events_done"}
    jobs = Jobs(storage=storage, clock=Clock())
    await jobs.run("forget_answers")
    await jobs.run("forget_old_events")
    assert await left(storage) == set()
    assert await storage.read(lambda session: session.scalar(select(func.count()).select_from(Event))) == 0


async def test_the_periods_of_the_settings_hold(storage: Storage) -> None:
    appointment = await storage.write(served, days_ago=29)
    shorter = Periods(appointments=timedelta(days=7))
    assert await left(storage) == set()
    assert await left(storage, periods=shorter) == {"forget_names_of_appointments_done", "forget_notes_on_visits_done"}
    assert await Jobs(storage=storage, clock=Clock(), periods=shorter).run("forget_names_of_appointments") == 1

    def name(session: Session) -> bytes | None:
        return session.scalars(select(Appointment.name_sealed).where(Appointment.id == appointment)).one()

    assert await storage.read(name) is None


async def test_verify_waits_a_day_for_the_job(storage: Storage) -> None:
    await storage.write(served, days_ago=31)
    assert await left(storage) == set()
    assert await left(storage, now=NOW + GRACE)


async def test_it_goes_in_bounded_batches(storage: Storage) -> None:
    def many(session: WriteSession) -> None:
        for _ in range(5):
            served(session, days_ago=40)

    await storage.write(many)
    before = NOW - USUAL_PERIODS.appointments
    assert await storage.write(forget_names, before=before, limit=2) == 2
    assert await storage.write(forget_names, before=before, limit=9) == 3


async def test_who_was_off_duty_and_why_goes_after_its_period(storage: Storage) -> None:
    old, young = TODAY - timedelta(days=92), TODAY - timedelta(days=89)

    def prepare(session: WriteSession) -> None:
        office = make_office(session)
        clerk = make_staff(session, office=office).id
        for day in (old, young):
            put_leave(session, office_id=office.id, staff_id=clerk, first=day - timedelta(days=3), days=4)
            session.add(DayOffDuty(office_id=office.id, staff_id=clerk, day=day))
            told = ToldDay(office_id=office.id, day=day)
            session.add(told)
            session.flush()
            promise = Promise(MARSHAL, timedelta(days=1))
            deadlines.start(session, subject=ROSTERS, subject_id=told.id, promises=[promise], is_first=True, now=NOW)

    await storage.write(prepare)
    names = ("forget_days_off", "forget_leave", "forget_told_days")
    assert await left(storage) == {f"{name}_done" for name in names}
    jobs = Jobs(storage=storage, clock=Clock())
    for name in names:
        assert await jobs.run(name) == 1, name
        assert await jobs.run(name) == 0, name
    assert await left(storage) == set()

    def look(session: ReadSession) -> None:
        assert session.scalars(select(DayOffDuty.day)).all() == [young]
        assert session.scalars(select(Leave.last)).all() == [young]
        [told] = session.scalars(select(ToldDay)).all()
        assert told.day == young
        assert session.scalars(select(Deadline.subject_id)).all() == [told.id]

    await storage.read(look)
    assert await left(storage, periods=Periods(rosters=timedelta(days=7))) == {f"{name}_done" for name in names}
