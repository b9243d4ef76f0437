"""Complaining is safe: who is complained of neither handles nor sees it, and who wants no name has none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from itertools import product
from typing import Any

import pytest
from sqlalchemy import ColumnElement, event, select, true

from desk.acting import Actor
from desk.cases import actions, changes, inbox, queries
from desk.cases.models import Case, CaseEntry
from desk.cases.reach import Placed, covers, within
from desk.cases.refusals import CannotTakeCase, NotYourCase
from desk.cases.rules import CaseState, CloseReason, Contact
from desk.conversations.actions import add_conversation
from desk.history import HistoryFilter, HistoryLine, found
from desk.offices.models import Office
from desk.offices.rules import OfficeKind
from desk.organisation import NATION, Scope, province
from desk.outbox.models import OutboxMessage
from desk.schema import metadata
from desk.staff.permissions import Role
from desk.storage.base import WriteSession
from desk.storage.scrubbing import ERASED
from tests.makers import NOW, by_staff, make_conversation, make_office, make_staff
from tests.makers_cases import ask_question, case_code, file_complaint
from tests.sealed import opened


def scope(*, nation: bool = False, provinces: Iterable[str] = (), offices: Iterable[Office] = ()) -> Scope:
    return Scope.of(*([NATION] if nation else []), *map(province, provinces), *(office.node for office in offices))


def seen(session: WriteSession, reach: Scope) -> set[int]:
    return {row.id for row in inbox.inbox(session, scope=reach, now=NOW).rows}


def no_guard(scope: Scope) -> ColumnElement[bool]:
    """`within` without its guard: everybody reaches everything."""
    return true()


def test_an_office_sees_its_questions_and_no_complaint_about_itself(session: WriteSession) -> None:
    office = make_office(session)
    question = ask_question(session, office=office).case_id
    for category in ("OVERCHARGE", "SUGGESTION", "NO_ORDER"):
        file_complaint(session, office=office, category=category)
    assert seen(session, scope(offices=[office])) == {question}


def test_without_the_guard_the_office_would_see_them(session: WriteSession, monkeypatch: pytest.MonkeyPatch) -> None:
    office = make_office(session)
    complaint = file_complaint(session, office=office).case_id
    monkeypatch.setattr(inbox, "within", no_guard)
    # The statements kept for this reach hold the guard, and one built without it must not be kept for others.
    for kept in ("_ids", "_tallies"):
        monkeypatch.setattr(inbox, kept, getattr(inbox, kept).__wrapped__)
    assert seen(session, scope(offices=[office])) == {complaint}


def test_a_province_sees_its_offices_and_the_nation_everything(session: WriteSession) -> None:
    karaj, tehran = make_office(session, province_code="IR-30"), make_office(session, province_code="IR-23")
    here = {file_complaint(session, office=karaj).case_id, ask_question(session, office=karaj).case_id}
    here.add(ask_question(session, province_code="IR-30").case_id)
    there = {file_complaint(session, office=tehran).case_id}
    nowhere = {file_complaint(session).case_id, ask_question(session).case_id}
    assert seen(session, scope(provinces=["IR-30"])) == here
    assert seen(session, scope(provinces=["IR-23"])) == there
    assert seen(session, scope(nation=True)) == here | there | nowhere
    assert seen(session, scope()) == set()


def test_a_second_role_does_not_open_complaints_about_ones_own_office(session: WriteSession) -> None:
    own, other = make_office(session), make_office(session)
    file_complaint(session, office=own)
    about_other = file_complaint(session, office=other).case_id
    assert seen(session, scope(provinces=["IR-30"], offices=[own])) == {about_other}
    assert seen(session, scope(nation=True, offices=[own])) == {about_other}


def test_a_complaint_about_the_directorates_own_desk_goes_to_the_nation(session: WriteSession) -> None:
    desk = make_office(session, kind=OfficeKind.DIRECTORATE)
    complaint = file_complaint(session, office=desk).case_id
    assert seen(session, scope(provinces=["IR-30"])) == set()
    assert seen(session, scope(nation=True)) == {complaint}


@pytest.mark.parametrize("category", ["VIOLENCE", "THREAT", "HARASSMENT"])
@pytest.mark.parametrize("contact", list(Contact))
def test_who_is_harassed_by_the_directorates_staff_is_read_by_the_nation(
    session: WriteSession, category: str, contact: Contact
) -> None:
    office = make_office(session)

    def by(whom: str | None) -> int:
        facts = {} if whom is None else {"by_whom": whom}
        return file_complaint(session, office=office, category=category, facts=facts, contact=contact).case_id

    by_desk, others = by("desk"), {by("office"), by("others"), by(None)}
    assert seen(session, scope(provinces=["IR-30"])) == others
    assert seen(session, scope(nation=True)) == {by_desk} | others
    assert seen(session, scope(offices=[office])) == set()


def test_an_answer_that_is_not_asked_of_this_kind_takes_it_from_nobody(session: WriteSession) -> None:
    """Who chose another kind after they had said who did it told that of the kind of before."""
    facts = {"by_whom": "desk"}
    complaint = file_complaint(session, office=make_office(session), category="OVERCHARGE", facts=facts).case_id
    assert seen(session, scope(provinces=["IR-30"])) == {complaint}


def test_the_office_complained_of_can_do_nothing_with_it(session: WriteSession) -> None:
    office = make_office(session)
    case = file_complaint(session, office=office).case_id
    manager = make_staff(session, role=Role.OFFICE_MANAGER, office=office).id
    for attempt in attempts(session, case, manager):
        with pytest.raises(NotYourCase):
            attempt()
    thread = queries.thread(session, case_id=case, for_staff=True, scope=scope(offices=[office]))
    assert thread is None
    with pytest.raises(ValueError, match="within a scope"):
        queries.thread(session, case_id=case, for_staff=True)


@pytest.mark.parametrize("contact", [Contact.CODE, Contact.NOBODY])
def test_the_directorates_staff_can_do_nothing_with_a_report_of_themselves(
    session: WriteSession, contact: Contact
) -> None:
    """Nor see it counted, found, assigned or in the history, also after it was answered and opened again."""
    office, chat = make_office(session), make_conversation(session)
    facts = {"by_whom": "desk"}
    filed = file_complaint(
        session, office=office, conversation=chat, category="THREAT", facts=facts, contact=contact, text="تهدیدم کرد"
    )
    case, of_province = filed.case_id, scope(provinces=["IR-30"])
    theirs = make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-30").id
    nation = make_staff(session, role=Role.ADMINISTRATOR).id
    actor = Actor.chat(None if contact is Contact.NOBODY else chat.id)
    wanted = inbox.CaseFilter(words="تهدیدم")
    for _turn in range(2):
        for attempt in attempts(session, case, theirs):
            with pytest.raises(NotYourCase):
                attempt()
        assert queries.thread(session, case_id=case, for_staff=True, scope=of_province) is None
        assert inbox.inbox(session, scope=of_province, wanted=wanted, now=NOW).total == 0
        assert inbox.tallies(session, scope=of_province, now=NOW) == ({}, 0)
        assert inbox.next_case(session, scope=of_province, after=0) is None
        assert theirs not in {able.staff_id for able in queries.assignees(session, case_id=case, now=NOW)}
        assert not any(line.event.subject == f"case:{case}" for line in history(session, of_province))
        by_staff(actions.reply)(session, case_id=case, staff_id=nation, text="می‌بینیم", now=NOW)
        actions.object_to(session, idem_key=f"again:{_turn}", case_id=case, actor=actor, now=NOW)
    assert any(line.event.subject == f"case:{case}" for line in history(session, scope(nation=True)))


def history(session: WriteSession, reach: Scope) -> list[HistoryLine]:
    return found(session, scope=reach, wanted=HistoryFilter(), limit=50).rows


def test_without_the_guard_the_office_could(session: WriteSession, monkeypatch: pytest.MonkeyPatch) -> None:
    office = make_office(session)
    case = file_complaint(session, office=office).case_id
    manager = make_staff(session, role=Role.OFFICE_MANAGER, office=office).id
    monkeypatch.setattr(changes, "within", no_guard)
    by_staff(actions.reply)(session, case_id=case, staff_id=manager, text="دروغ است", now=NOW)


def attempts(session: WriteSession, case: int, staff: int) -> list[Callable[[], object]]:
    """Everything a staff member may try with a case."""
    who: dict[str, Any] = {"case_id": case, "staff_id": staff, "now": NOW}
    return [
        partial(by_staff(actions.reply), session, text="x", **who),
        partial(by_staff(actions.note), session, text="x", **who),
        partial(by_staff(actions.assign), session, to_staff_id=staff, **who),
        partial(by_staff(actions.change_state), session, to=CaseState.IN_REVIEW, **who),
        partial(by_staff(actions.close), session, reason=CloseReason.REPEATED, text=None, **who),
        partial(by_staff(actions.reopen), session, **who),
    ]


@pytest.mark.parametrize("role", [Role.CLERK, Role.MARSHAL])
def test_who_may_not_answer_cases_cannot(session: WriteSession, role: Role) -> None:
    office = make_office(session)
    case = ask_question(session, office=office).case_id
    staff = make_staff(session, role=role, office=office).id
    for attempt in attempts(session, case, staff):
        with pytest.raises(NotYourCase):
            attempt()


def test_a_case_is_given_only_to_who_may_handle_it(session: WriteSession) -> None:
    office = make_office(session)
    complaint, question = file_complaint(session, office=office).case_id, ask_question(session, office=office).case_id
    boss = make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-30").id
    desk = make_staff(session, role=Role.DESK_OFFICER, office=office).id
    clerk = make_staff(session, role=Role.CLERK, office=office).id
    far = make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-23").id
    by_staff(actions.assign)(session, case_id=question, to_staff_id=desk, staff_id=boss, now=NOW)
    for case, to in ((complaint, desk), (question, clerk), (complaint, far)):
        with pytest.raises(CannotTakeCase):
            by_staff(actions.assign)(session, case_id=case, to_staff_id=to, staff_id=boss, now=NOW)
    by_staff(actions.assign)(session, case_id=question, to_staff_id=None, staff_id=boss, now=NOW)
    assert {able.staff_id for able in queries.assignees(session, case_id=complaint, now=NOW)} == {boss}
    assert {able.staff_id for able in queries.assignees(session, case_id=question, now=NOW)} == {boss, desk}


def test_the_rule_in_sql_and_the_rule_at_hand_are_one(session: WriteSession) -> None:
    karaj, tehran = make_office(session, province_code="IR-30"), make_office(session, province_code="IR-23")
    for office in (karaj, tehran, None):
        file_complaint(session, office=office)
        ask_question(session, office=office)
    ask_question(session, province_code="IR-30")
    placed = (Case.kind, Case.office_id, Case.handler_office_id, Case.handler_province_code, Office.area)
    places = session.execute(select(Case.id, *placed).outerjoin(Office, Office.id == Case.handler_office_id)).all()
    reaches = product((False, True), ((), ("IR-30",), ("IR-30", "IR-23")), ((), (karaj,), (karaj, tehran)))
    for nation, provinces, offices in reaches:
        tried = scope(nation=nation, provinces=provinces, offices=offices)
        in_sql = set(session.scalars(select(Case.id).where(within(tried))))
        at_hand = {row[0] for row in places if covers(tried, Placed(*row[1:]))}
        assert in_sql == (at_hand if tried else set()), tried


@pytest.mark.requirement("000-03", "A")
@pytest.mark.parametrize("contact", [Contact.CODE, Contact.NOBODY])
def test_who_wants_no_name_has_none_anywhere(session: WriteSession, contact: Contact) -> None:
    chat = make_conversation(session, chat="987654321")
    filed = file_complaint(session, office=make_office(session), conversation=chat, contact=contact, name="گل‌آقا رحیمی")
    row = queries.by_code(session, code=filed.code)
    assert row is not None
    assert (row.name, row.can_be_told) == (None, contact is Contact.CODE)
    assert tables_with(session, "رحیمی", decrypted=True) == set()


def test_who_gives_a_name_has_it_in_the_case_only(session: WriteSession) -> None:
    file_complaint(session, contact=Contact.NAME, name="گل‌آقا رحیمی")
    assert tables_with(session, "رحیمی") == set()
    assert tables_with(session, "رحیمی", decrypted=True) == {"cases"}


def tables_with(session: WriteSession, trace: str, *, decrypted: bool = False) -> set[str]:
    """The tables that hold `trace` anywhere, as they lie in a copy, or as somebody with the key reads them."""
    found = set()
    for table in metadata().sorted_tables:
        rows = [dict(row) for row in session.execute(table.select()).mappings()]
        if decrypted:
            rows = [opened(session.keys, table.name, row) for row in rows]
        if any(trace in repr(row) for row in rows):
            found.add(table.name)
    return found


def test_under_nobody_nothing_leads_to_the_chat(session: WriteSession) -> None:
    chat_id = 7654321
    add_conversation(session, id=chat_id, channel="bale", bot="mizban", chat="1", now=NOW)
    filed = actions.file_complaint(
        session,
        idem_key=f"{chat_id}.3.complain",
        code=case_code(),
        category="VIOLENCE",
        office_id=make_office(session).id,
        service_id=None,
        happened_on=None,
        paid=None,
        text="زدند",
        voice=None,
        contact=Contact.NOBODY,
        name=None,
        actor=Actor.chat(chat_id),
        locale="fa",
        now=NOW,
    )
    staff = make_staff(session, role=Role.PROVINCE_OFFICER, province_code="IR-30").id
    by_staff(actions.reply)(session, case_id=filed.case_id, staff_id=staff, text="پیگیری می‌کنیم", now=NOW)
    actions.say_more(
        session,
        idem_key=f"{chat_id}.4.follow",
        case_id=filed.case_id,
        actor=Actor.chat(None),
        text="ممنون",
        voice=None,
        now=NOW,
    )
    assert queries.of_conversation(session, conversation_id=chat_id) == []
    assert session.scalars(select(OutboxMessage.id)).all() == []
    for table in (Case.__table__, CaseEntry.__table__):
        assert "7654321" not in repr(session.execute(table.select()).all())


@pytest.mark.parametrize("category", ["VIOLENCE", "KEPT_DOC"])
def test_danger_that_is_written_at_once_leaves_no_trace_in_the_log(session: WriteSession, category: str) -> None:
    """The chat and the case are written together, which the log of SQLite tells until it is scrubbed."""
    file_complaint(session, office=make_office(session), category=category, contact=Contact.NOBODY)
    assert ERASED in session.info["topics"]


def test_the_inbox_is_two_statements_however_long_it_is(session: WriteSession) -> None:
    office = make_office(session)
    for _ in range(30):
        file_complaint(session, office=office)
    counted: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *given: counted.append(given[2]))
    page = inbox.inbox(session, scope=scope(provinces=["IR-30"]), now=NOW, page_size=25)
    assert (len(page.rows), page.total, len(counted)) == (25, 30, 2)
    assert len(inbox.inbox(session, scope=scope(provinces=["IR-30"]), now=NOW, page=2).rows) == 5
