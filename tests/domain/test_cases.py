"""A case from filing to closing: filed once, promised by a date, every change told, no appointment touched."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from desk.acting import Actor
from desk.appointments.models import Appointment
from desk.capacity.models import Slot
from desk.cases import actions, inbox, queries
from desk.cases.categories import CATEGORIES, GROUPS
from desk.cases.inbox import CaseFilter
from desk.cases.models import Case, CaseEntry
from desk.cases.refusals import (
    CaseIsClosed,
    CodeTaken,
    NoCaseForThis,
    NoSuchChange,
    NothingSaid,
    NotYourCase,
    OnlyThePersonSays,
    ReopenTooLate,
)
from desk.cases.rows import CaseThread
from desk.cases.rules import REOPEN_WINDOW, CaseState, CloseReason, Contact, EntryKind, may_change
from desk.events import queries as events
from desk.events.models import Event
from desk.organisation import EVERYWHERE, Scope, province
from desk.outbox.models import OutboxMessage
from desk.staff.permissions import Role
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.values import Money
from tests.makers import NOW, by_staff, make_appointment, make_conversation, make_office, make_staff
from tests.makers_cases import ask_question, case_code, file_complaint, hand_over, owed

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NATION = EVERYWHERE


def officer(session: WriteSession) -> int:
    """Somebody who may handle every case of the province the offices of these tests are in."""
    return make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-30").id


def thread_of(session: WriteSession, case_id: int) -> CaseThread:
    found = queries.thread(session, case_id=case_id, for_staff=True, scope=NATION)
    assert found is not None
    return found


def state_of(session: WriteSession, case_id: int) -> CaseState:
    return thread_of(session, case_id).case.state


def notices(session: WriteSession) -> list[tuple[str, dict[str, object]]]:
    rows = session.execute(select(OutboxMessage.notice, OutboxMessage.params).order_by(OutboxMessage.id))
    return [(notice, params) for notice, params in rows]


def say(
    session: WriteSession, case_id: int, conversation_id: int | None, *, key: str = "more", text: str = "هنوز هم"
) -> int | None:
    return actions.say_more(
        session,
        idem_key=key,
        case_id=case_id,
        actor=Actor.chat(conversation_id),
        text=text,
        voice=None,
        now=NOW + HOUR,
    )


def test_all_categories_stand_in_groups_that_fit_a_screen() -> None:
    assert len(CATEGORIES) == 26
    grouped = [code for group in GROUPS for code in group.categories]
    assert sorted(grouped) == sorted(CATEGORIES)
    assert len(GROUPS) <= 6, "beside them stands the way to be reached: seven buttons"
    assert all(len(group.categories) <= 5 for group in GROUPS)
    assert {code for code, category in CATEGORIES.items() if category.severity == 4} == {
        "INSIDER_BROKER",
        "VIOLENCE",
        "THREAT",
        "HARASSMENT",
        "KEPT_DOC",
        "DATA_PRIVACY",
    }


async def test_one_tap_is_one_complaint_however_often_it_comes(storage: Storage) -> None:
    chat = await storage.write(make_conversation)
    filed = await asyncio.gather(
        *(storage.write(file_complaint, conversation=chat, idem_key="7.1.complain") for _ in range(5))
    )
    assert len({(one.case_id, one.code) for one in filed}) == 1
    assert sorted(one.is_repeat for one in filed) == [False, True, True, True, True]
    assert await storage.read(lambda session: session.scalar(select(func.count()).select_from(CaseEntry))) == 1


async def test_a_taken_code_is_refused_and_nothing_is_filed(storage: Storage) -> None:
    code = case_code()
    await storage.write(file_complaint, code=code)
    with pytest.raises(CodeTaken):
        await storage.write(file_complaint, code=code)
    assert await storage.read(lambda session: session.scalar(select(func.count()).select_from(Case))) == 1


@pytest.mark.requirement("004-06", "A")
def test_what_is_information_only_opens_no_case(session: WriteSession) -> None:
    for category in ("REVOCATION_OBJECTION", "NO_SUCH"):
        with pytest.raises(NoCaseForThis):
            file_complaint(session, category=category)


def test_a_complaint_keeps_what_was_told(session: WriteSession) -> None:
    office = make_office(session)
    filed = file_complaint(session, office=office, paid=Money(500_000))
    thread = thread_of(session, filed.case_id)
    assert (thread.case.paid, thread.case.office_code, thread.case.office_name) == (
        Money(500_000),
        office.code,
        office.name,
    )
    assert [(entry.kind, entry.text) for entry in thread.entries] == [
        (EntryKind.SAID, "پنجاه هزار تومان بیشتر گرفتند.")
    ]
    assert queries.by_code(session, code=filed.code) == thread.case


def test_a_complaint_may_say_nothing_but_a_question_may_not(session: WriteSession) -> None:
    assert thread_of(session, file_complaint(session, text=None).case_id).entries == ()
    with pytest.raises(NothingSaid):
        ask_question(session, text=None)


def test_a_question_goes_to_the_office_that_was_asked(session: WriteSession) -> None:
    office = make_office(session)
    case = thread_of(session, ask_question(session, office=office).case_id).case
    assert (case.handler_office_id, case.handler_province_code) == (office.id, None)
    assert owed(session, case.id)["final_answer"] == NOW + 10 * DAY
    province = thread_of(session, ask_question(session, province_code="IR-30").case_id).case
    assert (province.handler_office_id, province.handler_province_code) == (None, "IR-30")


def test_a_complaint_never_touches_an_appointment(session: WriteSession) -> None:
    chat = make_conversation(session)
    appointment = make_appointment(session, conversation=chat)
    office = session.get_one(type(make_office(session)), appointment.office_id)

    def appointments() -> list[object]:
        history = select(Event.id).where(Event.subject.startswith("appointment:"))
        tables = (Appointment, Slot)
        return [
            session.execute(history).all(),
            *(session.execute(select(*table.__table__.c)).all() for table in tables),
        ]

    def reminders() -> int:
        about = OutboxMessage.about == f"appointment:{appointment.id}"
        return session.scalar(select(func.count()).where(about, OutboxMessage.is_open)) or 0

    before, waiting = appointments(), reminders()
    staff = officer(session)
    for contact in Contact:
        filed = file_complaint(session, office=office, conversation=chat, contact=contact)
        by_staff(actions.reply)(session, case_id=filed.case_id, staff_id=staff, text="بررسی شد", now=NOW)
        by_staff(actions.close)(
            session, case_id=filed.case_id, reason=CloseReason.NOT_OURS, text=None, staff_id=staff, now=NOW
        )
        by_staff(actions.reopen)(session, case_id=filed.case_id, staff_id=staff, now=NOW)
    session.flush()
    assert appointments() == before
    assert reminders() == waiting == 1


def test_every_change_by_staff_is_told_with_ids_only_and_logged(session: WriteSession) -> None:
    chat = make_conversation(session)
    filed = file_complaint(session, office=make_office(session), conversation=chat)
    case, staff = filed.case_id, officer(session)
    by_staff(actions.change_state)(session, case_id=case, to=CaseState.WITH_UNIT, staff_id=staff, now=NOW)
    by_staff(actions.change_state)(session, case_id=case, to=CaseState.WITH_UNIT, staff_id=staff, now=NOW)
    entry = by_staff(actions.reply)(session, case_id=case, staff_id=staff, text="پول شما برمی‌گردد.", now=NOW)
    by_staff(actions.note)(session, case_id=case, staff_id=staff, text="با دفتر صحبت شد", now=NOW)
    by_staff(actions.close)(session, case_id=case, reason=CloseReason.ANSWERED, text="برگشت", staff_id=staff, now=NOW)
    by_staff(actions.reopen)(session, case_id=case, staff_id=staff, now=NOW)
    by_staff(actions.reopen)(session, case_id=case, staff_id=staff, now=NOW)
    told = notices(session)
    assert [notice for notice, _ in told] == ["case_state", "case_reply", "case_closed", "case_reopened"]
    assert told[1][1] == {"case": case, "entry": entry}
    assert told[2][1]["reason"] == "answered"
    assert all(isinstance(value, int) or key == "reason" for _, params in told for key, value in params.items())
    chats = session.scalars(select(OutboxMessage.conversation_id).distinct()).all()
    assert chats == [chat.id]
    assert [line.kind for line in reversed(events.of(session, subject=f"case:{case}"))] == [
        "case.change_state",
        "case.reply",
        "case.note",
        "case.close",
        "case.reopen",
    ]
    assert "صحبت" not in repr(events.latest(session))
    delivery = thread_of(session, case).delivery
    assert entry in delivery
    assert len(delivery) == 4


def test_a_reply_sent_twice_by_one_form_is_one_reply(session: WriteSession) -> None:
    filed = file_complaint(session, office=make_office(session))
    staff = officer(session)
    entries = {
        by_staff(actions.reply)(session, case_id=filed.case_id, staff_id=staff, text="سلام", idem_key="form:1", now=NOW)
        for _ in range(2)
    }
    assert len(entries) == 1
    assert [notice for notice, _ in notices(session)] == ["case_reply"]


def test_the_person_reads_no_notes_and_no_names_of_staff(session: WriteSession) -> None:
    filed = file_complaint(session, office=make_office(session))
    staff = officer(session)
    reply = by_staff(actions.reply)(session, case_id=filed.case_id, staff_id=staff, text="سلام", now=NOW)
    note = by_staff(actions.note)(session, case_id=filed.case_id, staff_id=staff, text="محرمانه", now=NOW)
    by_staff(actions.assign)(session, case_id=filed.case_id, to_staff_id=staff, staff_id=staff, now=NOW)
    seen = queries.thread(session, case_id=filed.case_id, for_staff=False)
    assert seen is not None
    assert [entry.kind for entry in seen.entries] == [EntryKind.SAID, EntryKind.REPLY, EntryKind.STATE]
    assert all(entry.staff_id is None and entry.staff_name is None for entry in seen.entries)
    assert queries.entry(session, entry_id=note) is None
    told = queries.entry(session, entry_id=reply)
    assert told is not None
    assert told.text == "سلام"
    full = thread_of(session, filed.case_id)
    assert [entry.staff_name for entry in full.entries if entry.kind is EntryKind.NOTE] == ["مریم کاظمی"]


def test_another_chat_adds_nothing_unless_it_has_the_code(session: WriteSession) -> None:
    filed = file_complaint(session, office=make_office(session))
    with pytest.raises(NotYourCase):
        say(session, filed.case_id, make_conversation(session).id)
    with pytest.raises(NotYourCase):
        actions.confirm_solved(session, case_id=filed.case_id, actor=Actor.chat(make_conversation(session).id), now=NOW)
    assert say(session, filed.case_id, None) is None  # it waits
    with pytest.raises(NothingSaid):
        say(session, filed.case_id, None, text="")


def test_states_follow_only_where_they_may(session: WriteSession) -> None:
    assert {to for to in CaseState if may_change(CaseState.CLOSED, to)} == {CaseState.IN_REVIEW}
    assert not any(may_change(state, CaseState.RECEIVED) for state in CaseState)
    case, staff = file_complaint(session, office=make_office(session)).case_id, officer(session)
    for by_hand in (CaseState.ANSWERED, CaseState.CLOSED, CaseState.RECEIVED):
        with pytest.raises(NoSuchChange):
            by_staff(actions.change_state)(session, case_id=case, to=by_hand, staff_id=staff, now=NOW)
    by_staff(actions.close)(session, case_id=case, reason=CloseReason.REPEATED, text=None, staff_id=staff, now=NOW)
    with pytest.raises(CaseIsClosed):
        by_staff(actions.reply)(session, case_id=case, staff_id=staff, text="دیر", now=NOW)
    with pytest.raises(CaseIsClosed):
        by_staff(actions.change_state)(session, case_id=case, to=CaseState.IN_REVIEW, staff_id=staff, now=NOW)
    with pytest.raises(CaseIsClosed):
        by_staff(actions.close)(session, case_id=case, reason=CloseReason.REPEATED, text=None, staff_id=staff, now=NOW)


def test_the_cases_of_a_chat_come_open_ones_first(session: WriteSession) -> None:
    chat = make_conversation(session)
    old = file_complaint(session, conversation=chat).case_id
    new = file_complaint(session, conversation=chat, now=NOW + HOUR).case_id
    actions.confirm_solved(session, case_id=new, actor=Actor.chat(chat.id), now=NOW + 2 * HOUR)
    file_complaint(session)
    assert [case.id for case in queries.of_conversation(session, conversation_id=chat.id)] == [old, new]


async def test_a_whole_case_runs_on_both_databases(storage: Storage) -> None:
    chat = await storage.write(make_conversation)
    office = await storage.write(make_office)
    staff = await storage.write(officer)
    filed = await storage.write(file_complaint, office=office, conversation=chat)
    await storage.write(by_staff(actions.assign), case_id=filed.case_id, to_staff_id=staff, staff_id=staff, now=NOW)
    await storage.write(by_staff(actions.reply), case_id=filed.case_id, staff_id=staff, text="پاسخ", now=NOW)
    page = await storage.read(inbox.inbox, scope=Scope.of(province("IR-30")), wanted=CaseFilter(words="پاسخ"), now=NOW)
    assert [(row.id, row.assigned_name, row.state) for row in page.rows] == [
        (filed.case_id, "مریم کاظمی", CaseState.ANSWERED)
    ]
    await storage.write(
        by_staff(actions.close), case_id=filed.case_id, reason=CloseReason.ANSWERED, text=None, staff_id=staff, now=NOW
    )
    await storage.write(
        actions.object_to, idem_key="k", case_id=filed.case_id, actor=Actor.chat(chat.id), text="نه", now=NOW + DAY
    )
    thread = await storage.read(queries.thread, case_id=filed.case_id, for_staff=True, scope=NATION)
    assert thread is not None
    assert thread.case.state is CaseState.IN_REVIEW
    able = await storage.read(queries.assignees, case_id=filed.case_id, now=NOW)
    assert [colleague.staff_id for colleague in able] == [staff]


def test_each_event_of_a_case_has_its_own_time(session: WriteSession) -> None:
    """A note on a closed case moves neither the time to object nor anything else that the person sees."""
    chat, staff = make_conversation(session), officer(session)
    case = file_complaint(session, office=make_office(session), conversation=chat).case_id
    close = partial(by_staff(actions.close), session, reason=CloseReason.NOT_OURS, text=None, staff_id=staff)
    close(case_id=case, now=NOW + DAY)
    before = thread_of(session, case).case
    by_staff(actions.note)(session, case_id=case, staff_id=staff, text="هنوز پیگیر است", now=NOW + 20 * DAY)
    after = thread_of(session, case).case
    assert (before.closed_at, before.state_at, before.opened_at) == (NOW + DAY, NOW + DAY, NOW)
    assert after == before
    with pytest.raises(ReopenTooLate):
        actions.object_to(
            session, idem_key="o", case_id=case, actor=Actor.chat(chat.id), now=NOW + DAY + REOPEN_WINDOW + HOUR
        )
    other = file_complaint(session, office=make_office(session)).case_id
    close(case_id=other, now=NOW + 2 * DAY)
    closed = inbox.inbox(session, scope=NATION, wanted=CaseFilter(state=CaseState.CLOSED), now=NOW)
    assert [row.id for row in closed.rows] == [other, case]


@pytest.mark.parametrize("reason", [CloseReason.SOLVED, CloseReason.WITHDRAWN])
def test_the_desk_never_says_for_the_person_that_it_is_solved(session: WriteSession, reason: CloseReason) -> None:
    case, staff = file_complaint(session, office=make_office(session)).case_id, officer(session)
    by_staff(actions.reply)(session, case_id=case, staff_id=staff, text="پول برگشت", now=NOW)
    with pytest.raises(OnlyThePersonSays):
        by_staff(actions.close)(session, case_id=case, reason=reason, text=None, staff_id=staff, now=NOW)
    assert state_of(session, case) is CaseState.ANSWERED


def test_the_person_says_solved_of_what_the_desk_closed(session: WriteSession) -> None:
    chat, staff = make_conversation(session), officer(session)
    case = file_complaint(session, office=make_office(session), conversation=chat).case_id
    by_staff(actions.close)(session, case_id=case, reason=CloseReason.ANSWERED, text="برگشت", staff_id=staff, now=NOW)
    for _ in range(2):
        actions.confirm_solved(session, case_id=case, actor=Actor.chat(chat.id), now=NOW + DAY)
    thread = thread_of(session, case)
    assert (thread.case.close_reason, thread.case.closed_at) == (CloseReason.SOLVED, NOW)
    assert [entry.detail.get("reason") for entry in thread.entries if entry.kind is EntryKind.STATE] == [
        "answered",
        "solved",
    ]


def test_the_code_decides_only_where_nothing_else_could(session: WriteSession) -> None:
    """Under nobody the code is all there is; a case that a chat is tied to is decided in that chat."""
    nobody = file_complaint(session, contact=Contact.NOBODY).case_id
    tied = file_complaint(session, contact=Contact.CODE).case_id
    confirm = partial(actions.confirm_solved, session, actor=Actor.chat(None), now=NOW)
    object_to = partial(actions.object_to, session, idem_key="1.2.follow", actor=Actor.chat(None), text="نشد", now=NOW)
    for decide in (confirm, object_to):
        decide(case_id=nobody)
        hand_over(session)
        with pytest.raises(NotYourCase):
            decide(case_id=tied)
    assert state_of(session, nobody) is CaseState.IN_REVIEW
    assert session.scalar(select(Case.conversation_id).where(Case.id == nobody)) is None
    assert session.scalars(select(CaseEntry.idem_key).where(CaseEntry.idem_key == "1.2.follow")).all() == []
