"""What is promised with a case and by when: deadlines run, are met, stand for nothing any more, and begin anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from desk.acting import Actor
from desk.cases import actions, inbox
from desk.cases.categories import CATEGORIES
from desk.cases.inbox import CaseFilter
from desk.cases.refusals import CaseIsClosed, ReopenTooLate
from desk.cases.rules import REOPEN_WINDOW, CaseState, CloseReason
from desk.deadlines.models import Deadline
from desk.deadlines.rules import Side
from desk.storage.base import WriteSession
from desk.verify import verify
from tests.domain.test_cases import DAY, HOUR, NATION, officer, say, state_of, thread_of
from tests.makers import NOW, by_staff, make_conversation, make_office
from tests.makers_cases import file_complaint, owed


@pytest.mark.requirement("002-09", "S")
@pytest.mark.parametrize(
    ("category", "first", "final"),
    [
        ("OVERCHARGE", 72 * HOUR, 10 * DAY),
        ("VIOLENCE", 24 * HOUR, 10 * DAY),
        ("THREAT", 24 * HOUR, 10 * DAY),
        ("HARASSMENT", 24 * HOUR, 10 * DAY),
        ("KEPT_DOC", 24 * HOUR, 72 * HOUR),
        ("BROKER", None, 72 * HOUR),
        ("NO_DESK", None, 30 * DAY),
        ("SUGGESTION", None, None),
    ],
)
def test_a_complaint_promises_an_answer_by_a_date(
    session: WriteSession, category: str, first: timedelta | None, final: timedelta | None
) -> None:
    filed = file_complaint(session, office=make_office(session), category=category)
    case = thread_of(session, filed.case_id).case
    promised = {"first_answer": first, "final_answer": final}
    assert owed(session, case.id) == {kind: NOW + length for kind, length in promised.items() if length is not None}
    soonest = min((length for length in promised.values() if length is not None), default=None)
    assert (case.due.at if case.due else None) == (None if soonest is None else NOW + soonest)
    assert case.severity == CATEGORIES[category].severity


def test_saying_more_wakes_an_answered_case_with_a_new_promise(session: WriteSession) -> None:
    chat = make_conversation(session)
    filed = file_complaint(session, office=make_office(session), conversation=chat)
    by_staff(actions.reply)(session, case_id=filed.case_id, staff_id=officer(session), text="تمام شد", now=NOW)
    assert state_of(session, filed.case_id) is CaseState.ANSWERED
    first = say(session, filed.case_id, chat.id)
    assert say(session, filed.case_id, chat.id) == first
    case = thread_of(session, filed.case_id).case
    assert (case.state, case.answered_at) == (CaseState.IN_REVIEW, NOW)
    assert owed(session, case.id) == {"final_answer": NOW + HOUR + 10 * DAY}


@pytest.mark.parametrize("was_answered", [True, False])
def test_opened_again_only_what_was_not_given_yet_is_promised(session: WriteSession, was_answered: bool) -> None:
    chat, staff = make_conversation(session), officer(session)
    filed = file_complaint(session, office=make_office(session), conversation=chat)
    if was_answered:
        by_staff(actions.reply)(session, case_id=filed.case_id, staff_id=staff, text="تمام شد", now=NOW)
    reason = CloseReason.NOT_OURS
    by_staff(actions.close)(session, case_id=filed.case_id, reason=reason, text="کار ما نیست", staff_id=staff, now=NOW)
    late = NOW + 5 * DAY
    actions.object_to(session, idem_key="o", case_id=filed.case_id, actor=Actor.chat(chat.id), now=late)
    case = thread_of(session, filed.case_id).case
    first = CATEGORIES[case.category].first_answer
    assert first is not None
    final = {"final_answer": late + 10 * DAY}
    assert owed(session, case.id) == (final if was_answered else {"first_answer": late + first, **final})


def test_danger_stands_first_however_late_the_others_are(session: WriteSession) -> None:
    office = make_office(session)
    late = [file_complaint(session, office=office, category=each).case_id for each in ("OVERCHARGE", "BROKER")]
    danger = file_complaint(session, office=office, category="VIOLENCE", now=NOW + 20 * DAY).case_id
    answered = file_complaint(session, office=office, category="THREAT", now=NOW).case_id
    by_staff(actions.reply)(session, case_id=answered, staff_id=officer(session), text="تمام شد", now=NOW)

    found = [row.id for row in inbox.inbox(session, scope=NATION, now=NOW + 20 * DAY).rows]

    assert (found[0], found[-1]) == (danger, answered)
    assert set(found[1:-1]) == set(late)
    assert inbox.next_case(session, scope=NATION, after=late[0]) in {danger, late[1]}
    assert inbox.next_case(session, scope=NATION, after=danger) in late


@pytest.mark.requirement("002-09", "M")
def test_a_case_that_had_its_first_answer_is_late_only_after_the_final_day(session: WriteSession) -> None:
    staff = officer(session)
    case = file_complaint(session, office=make_office(session)).case_id
    promised = owed(session, case)
    by_staff(actions.reply)(session, case_id=case, staff_id=staff, text="می‌پرسیم", now=NOW)
    by_staff(actions.change_state)(session, case_id=case, to=CaseState.WITH_UNIT, staff_id=staff, now=NOW)

    late = {
        moment: [
            each.id
            for each in inbox.inbox(session, scope=NATION, wanted=CaseFilter(overdue_only=True), now=moment).rows
        ]
        for moment in (promised["first_answer"] + HOUR, promised["final_answer"] + HOUR)
    }
    counted = [inbox.inbox(session, scope=NATION, now=moment).overdue for moment in late]
    assert (list(late.values()), counted) == ([[], [case]], [0, 1])


def test_the_person_confirms_and_may_object_for_thirty_days(session: WriteSession) -> None:
    chat = make_conversation(session)
    case = file_complaint(session, office=make_office(session), conversation=chat).case_id
    for _ in range(2):
        actions.confirm_solved(session, case_id=case, actor=Actor.chat(chat.id), now=NOW)
    closed = thread_of(session, case).case
    assert (closed.state, closed.close_reason) == (CaseState.CLOSED, CloseReason.SOLVED)
    with pytest.raises(CaseIsClosed):
        say(session, case, chat.id)
    late = NOW + REOPEN_WINDOW
    with pytest.raises(ReopenTooLate):
        actions.object_to(session, idem_key="o", case_id=case, actor=Actor.chat(chat.id), now=late + HOUR)
    for _ in range(2):
        actions.object_to(session, idem_key="o", case_id=case, actor=Actor.chat(chat.id), text="نشد", now=late)
    again = thread_of(session, case)
    assert (again.case.state, again.case.close_reason) == (CaseState.IN_REVIEW, None)
    assert owed(session, case)["final_answer"] == late + 10 * DAY
    assert [entry.text for entry in again.entries].count("نشد") == 1


def test_what_is_opened_again_is_not_late_at_once(session: WriteSession) -> None:
    """The first promise of a case that nobody had answered runs anew as well: from the day it was opened again."""
    chat, staff = make_conversation(session), officer(session)
    case = file_complaint(session, office=make_office(session), conversation=chat).case_id
    by_staff(actions.close)(
        session, case_id=case, reason=CloseReason.NOT_OURS, text=None, staff_id=staff, now=NOW + DAY
    )
    again = NOW + 20 * DAY
    actions.object_to(session, idem_key="o", case_id=case, actor=Actor.chat(chat.id), now=again)
    row = thread_of(session, case).case
    assert row.due is not None
    assert not row.due.is_late(again)
    assert row.opened_at == again
    assert owed(session, case) == {"first_answer": again + 72 * HOUR, "final_answer": again + 10 * DAY}
    assert (row.state_at, row.closed_at) == (again, None)
    assert row.due.is_late(again + 73 * HOUR)
    assert inbox.inbox(session, scope=NATION, wanted=CaseFilter(overdue_only=True), now=again).rows == ()


def test_answered_ones_come_last_by_the_day_they_were_promised_for(session: WriteSession) -> None:
    """What waits for the person has no deadline that runs; it keeps its order all the same."""
    office, staff = make_office(session), officer(session)
    late, soon = (file_complaint(session, office=office, now=NOW - timedelta(days=days)).case_id for days in (1, 3))
    waiting = file_complaint(session, office=office, now=NOW).case_id
    for case in (late, soon):
        by_staff(actions.reply)(session, case_id=case, staff_id=staff, text="انجام شد", now=NOW)
    found = inbox.inbox(session, scope=NATION, now=NOW + 60 * DAY)
    assert [row.id for row in found.rows] == [waiting, soon, late]
    assert found.overdue == 1
    assert verify(session) == []


def test_what_the_person_ends_was_not_kept_and_what_the_desk_closes_was(session: WriteSession) -> None:
    office, staff = make_office(session), officer(session)
    chat = make_conversation(session)
    theirs = file_complaint(session, office=office, conversation=chat).case_id
    actions.confirm_solved(session, case_id=theirs, actor=Actor.chat(chat.id), now=NOW)
    ours = file_complaint(session, office=office).case_id
    by_staff(actions.close)(
        session, case_id=ours, reason=CloseReason.NOT_OURS, text="کار ما نیست", staff_id=staff, now=NOW
    )
    rows = session.scalars(select(Deadline).where(Deadline.owed_by == Side.DESK)).all()
    kept = {(row.subject_id, row.kind): (row.met_at, row.dropped_at) for row in rows}
    assert set(kept.values()) == {(None, NOW), (NOW, None)}
    assert kept[theirs, "final_answer"] == (None, NOW)
    assert kept[ours, "final_answer"] == (NOW, None)
    assert owed(session, theirs) == owed(session, ours) == {"reopening": NOW + REOPEN_WINDOW}
    assert verify(session) == []
