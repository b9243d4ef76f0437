"""The person takes a question back while nobody of the desk has taken it; staff see it as taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from desk.acting import Actor
from desk.cases import actions, queries
from desk.cases.refusals import AlreadyTaken
from desk.cases.rules import CaseState, CloseReason
from desk.events.models import Event
from desk.staff.permissions import Role
from desk.storage.base import WriteSession
from tests.makers import NOW, by_staff, make_conversation, make_office, make_staff
from tests.makers_cases import file_complaint, owed


def a_case(session: WriteSession) -> tuple[int, Actor]:
    chat = make_conversation(session)
    return file_complaint(session, office=make_office(session), conversation=chat).case_id, Actor.chat(chat.id)


def test_it_is_closed_as_taken_back_once_and_nothing_is_due_any_more(session: WriteSession) -> None:
    case, chat = a_case(session)
    assert owed(session, case)
    actions.withdraw(session, case_id=case, actor=chat, now=NOW)
    actions.withdraw(session, case_id=case, actor=chat, now=NOW)
    found = queries.thread(session, case_id=case, for_staff=False)
    assert found is not None
    assert (found.case.state, found.case.close_reason) == (CaseState.CLOSED, CloseReason.WITHDRAWN)
    assert found.case.due is None or not found.case.due.is_running
    written = session.scalars(select(Event.data).where(Event.kind == "case.withdraw")).all()
    assert written == [
        {"old": {"state": "received", "reason": None}, "new": {"state": "closed", "reason": "withdrawn"}}
    ]


@pytest.mark.parametrize("how", ["assigned", "examined", "answered", "closed"])
def test_what_the_desk_has_taken_stays(session: WriteSession, how: str) -> None:
    case, chat = a_case(session)
    staff = make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-30").id
    match how:
        case "assigned":
            by_staff(actions.assign)(session, case_id=case, to_staff_id=staff, staff_id=staff, now=NOW)
        case "examined":
            by_staff(actions.change_state)(session, case_id=case, to=CaseState.IN_REVIEW, staff_id=staff, now=NOW)
        case "answered":
            by_staff(actions.reply)(session, case_id=case, staff_id=staff, text="سلام", now=NOW)
        case _:
            by_staff(actions.close)(
                session, case_id=case, reason=CloseReason.REPEATED, text=None, staff_id=staff, now=NOW
            )
    with pytest.raises(AlreadyTaken):
        actions.withdraw(session, case_id=case, actor=chat, now=NOW)
