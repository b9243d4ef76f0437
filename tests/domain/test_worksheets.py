"""Worksheets: what an office states, what the directorate decides, and that nothing is lost while it waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from desk.acting import Actor, OutOfReach
from desk.capacity import queries as capacity
from desk.capacity.approval import is_needed, own_word, set_approval
from desk.capacity.models import Slot
from desk.capacity.planned_hours import Hours
from desk.capacity.refusals import HoursNeedApproval, NotPlausible, TermPassed, WeekOutOfOrder
from desk.capacity.saving_weeks import set_week
from desk.capacity.weekly_hours import set_hours
from desk.capacity.weeks import Week, week_on
from desk.consequences.actions import IntendedChange, carry_out
from desk.consequences.hit import Reach
from desk.consequences.refusals import PeopleAreHit
from desk.consequences.rules import ChangeKind
from desk.events.models import Event
from desk.organisation import EVERYWHERE, NATION, NOWHERE, Scope, province
from desk.storage.base import WriteSession
from desk.verify import verify
from desk.worksheets.actions import decide, state_capacity, withdraw
from desk.worksheets.queries import waiting_worksheets, worksheet, worksheets_of
from desk.worksheets.refusals import NotToBeDecided, ReturnedWithoutReason
from desk.worksheets.rows import WorksheetRow
from desk.worksheets.rules import DECISIONS, MAY_FOLLOW, TIME_TO_DECIDE, WorksheetState
from tests.makers import NOW, TODAY, acting
from tests.makers_changes import STAFF, Town
from tests.makers_worksheets import a_week, approval_needed, make_worksheet

LATER = NOW + timedelta(days=2)


def of_office(town: Town) -> Actor:
    return acting(7, may=Scope.of(town.office.node))


def of_province(town: Town) -> Actor:
    return acting(8, may=Scope.of(town.office.node.area))


def week_now(session: WriteSession, town: Town, *, day: Any = TODAY) -> Week:
    return week_on(capacity.rules_of(session, queue_id=town.queue.id), day=day)


def places(session: WriteSession, town: Town) -> int:
    of = select(func.sum(Slot.planned)).where(Slot.queue_id == town.queue.id, Slot.day == TODAY + timedelta(days=7))
    return session.scalar(of) or 0


def row_of(session: WriteSession, id: int) -> WorksheetRow:
    found = worksheet(session, worksheet_id=id)
    assert found is not None
    return found


def decided(session: WriteSession, id: int, state: WorksheetState, town: Town, **said: Any) -> None:
    decide(session, worksheet_id=id, state=state, **{"actor": of_province(town), "now": LATER, **said})


@pytest.mark.requirement("000-13", "M")
def test_what_nobody_approved_changes_nothing_and_an_approval_gives_the_week(session: WriteSession) -> None:
    town = Town(session)
    approval_needed(session)
    before = places(session, town)

    id = make_worksheet(session, queue=town.queue, actor=of_office(town))

    assert (week_now(session, town), places(session, town), before) == (a_week(), 48, 48)
    assert row_of(session, id).state is WorksheetState.STATED
    assert verify(session) == []

    decided(session, id, WorksheetState.APPROVED, town)

    assert (week_now(session, town, day=LATER.date()), places(session, town)) == (a_week(counters=3), 72)
    row = row_of(session, id)
    assert (row.state, row.decided_at, row.is_late(NOW + timedelta(days=90))) == (WorksheetState.APPROVED, LATER, False)
    assert verify(session) == []


def test_where_no_approval_is_needed_the_office_measures_its_capacity_itself(session: WriteSession) -> None:
    town = Town(session)
    id = make_worksheet(session, queue=town.queue, actor=of_office(town))
    assert (row_of(session, id).state, places(session, town)) == (WorksheetState.OWN, 72)
    assert waiting_worksheets(session, scope=EVERYWHERE, limit=9) == ([], 0)
    assert verify(session) == []


def test_what_is_returned_has_a_reason_and_the_hours_stay(session: WriteSession) -> None:
    town = Town(session)
    approval_needed(session)
    id = make_worksheet(session, queue=town.queue)

    with pytest.raises(ReturnedWithoutReason):
        decided(session, id, WorksheetState.RETURNED, town, reason="  ")
    decided(session, id, WorksheetState.RETURNED, town, reason="سه باجه دیده نشد.")

    assert places(session, town) == 48
    assert row_of(session, id).reason == "سه باجه دیده نشد."
    again = make_worksheet(session, queue=town.queue, week=a_week(minutes=12))
    assert [each.id for each in worksheets_of(session, office_id=town.office.id, limit=9)] == [again, id]
    assert verify(session) == []


def test_what_stands_for_a_time_ends_by_a_decision_and_never_by_time(session: WriteSession) -> None:
    town = Town(session)
    approval_needed(session)
    id = make_worksheet(session, queue=town.queue)
    for day in (None, TODAY):
        with pytest.raises(TermPassed):
            decided(session, id, WorksheetState.FOR_A_TIME, town, until_day=day)

    until = TODAY + timedelta(days=30)
    decided(session, id, WorksheetState.FOR_A_TIME, town, until_day=until)

    assert places(session, town) == 72
    assert week_now(session, town, day=until + timedelta(days=60)) == a_week(counters=3)
    row = row_of(session, id)
    assert [row.is_late(NOW + timedelta(days=n)) for n in (29, 32)] == [False, True]
    assert [each.id for each in waiting_worksheets(session, scope=EVERYWHERE, limit=9)[0]] == [id]
    assert verify(session) == []

    decided(session, id, WorksheetState.APPROVED, town, now=NOW + timedelta(days=32))
    assert waiting_worksheets(session, scope=EVERYWHERE, limit=9) == ([], 0)
    assert (places(session, town), row_of(session, id).until_day) == (72, None)


def test_a_later_worksheet_that_holds_replaces_the_one_that_stood_for_a_time(session: WriteSession) -> None:
    town = Town(session)
    approval_needed(session)
    first = make_worksheet(session, queue=town.queue)
    decided(session, first, WorksheetState.FOR_A_TIME, town, until_day=TODAY + timedelta(days=30))

    second = make_worksheet(session, queue=town.queue, week=a_week(counters=4), now=LATER)
    assert row_of(session, first).state is WorksheetState.FOR_A_TIME
    decided(session, second, WorksheetState.APPROVED, town)

    assert (row_of(session, first).state, places(session, town)) == (WorksheetState.REPLACED, 96)
    assert verify(session) == []


def test_a_second_statement_replaces_the_first_and_one_that_waits_can_be_taken_back(session: WriteSession) -> None:
    town = Town(session)
    approval_needed(session)
    first = make_worksheet(session, queue=town.queue)
    second = make_worksheet(session, queue=town.queue, week=a_week(minutes=10))
    assert [row_of(session, each).state for each in (first, second)] == [
        WorksheetState.REPLACED,
        WorksheetState.STATED,
    ]

    withdraw(session, worksheet_id=second, actor=of_office(town), now=LATER)

    assert row_of(session, second).state is WorksheetState.WITHDRAWN
    assert waiting_worksheets(session, scope=EVERYWHERE, limit=9) == ([], 0)
    with pytest.raises(NotToBeDecided):
        withdraw(session, worksheet_id=second, actor=of_office(town), now=LATER)
    assert verify(session) == []


@pytest.mark.parametrize("state", WorksheetState)
@pytest.mark.parametrize("wanted", WorksheetState)
def test_only_what_the_table_of_moves_allows_is_decided(
    session: WriteSession, state: WorksheetState, wanted: WorksheetState
) -> None:
    """Each state is reached, and each decision is tried in it."""
    town = Town(session)
    if state is not WorksheetState.OWN:
        approval_needed(session)
    id = make_worksheet(session, queue=town.queue)
    until = TODAY + timedelta(days=30)
    if state in DECISIONS:
        decided(session, id, state, town, reason="دلیل", until_day=until)
    elif state is WorksheetState.WITHDRAWN:
        withdraw(session, worksheet_id=id, actor=of_office(town), now=LATER)
    elif state is WorksheetState.REPLACED:
        make_worksheet(session, queue=town.queue)
    assert row_of(session, id).state is state

    may = wanted in DECISIONS and wanted in MAY_FOLLOW[state]
    if not may:
        with pytest.raises(NotToBeDecided):
            decided(session, id, wanted, town, reason="دلیل", until_day=until)
    else:
        decided(session, id, wanted, town, reason="دلیل", until_day=until)
    assert row_of(session, id).state is (wanted if may else state)
    assert verify(session) == []


def test_the_directorate_decides_and_never_the_office_itself(session: WriteSession) -> None:
    town = Town(session)
    approval_needed(session)
    id = make_worksheet(session, queue=town.queue)
    for actor in (of_office(town), acting(7, may=Scope.of(province("IR-09"))), acting(7, may=NOWHERE)):
        with pytest.raises(OutOfReach):
            decide(session, worksheet_id=id, state=WorksheetState.APPROVED, actor=actor, now=LATER)
    with pytest.raises(OutOfReach):
        decide(session, worksheet_id=id + 1, state=WorksheetState.APPROVED, actor=of_province(town), now=LATER)
    assert row_of(session, id).state is WorksheetState.STATED


@pytest.mark.requirement("000-13", "M")
def test_where_approval_is_needed_the_office_goes_round_it_by_no_other_page(session: WriteSession) -> None:
    town = Town(session)
    hours = Hours(8 * 60, 14 * 60, 15, 3)
    common: dict[str, Any] = {"now": NOW}
    week: dict[str, Any] = {"queue_ids": [town.queue.id], "week": a_week(counters=3), "from_day": TODAY, **common}
    rule: dict[str, Any] = {"queue_id": town.queue.id, "weekdays": [3], "hours": hours, "from_day": TODAY, **common}
    approval_needed(session)

    with pytest.raises(HoursNeedApproval):
        set_week(session, **week, actor=of_office(town))
    with pytest.raises(HoursNeedApproval):
        set_hours(session, **rule, actor=of_office(town))
    assert week_now(session, town) == a_week()

    set_hours(session, **rule, actor=of_province(town))  # the directorate is not asked for its own approval
    set_approval(session, area=NATION, needed=False, actor=acting(9), now=NOW)
    set_week(session, **week, actor=of_office(town))
    assert places(session, town) == 72


def test_the_nearest_area_above_says_whether_approval_is_needed(session: WriteSession) -> None:
    town = Town(session)
    node = town.office.node
    said = [is_needed(session, at=node)]
    for area, needed in ((NATION, True), (node.area, False), (NATION, False), (node.area, True), (node.area, None)):
        set_approval(session, area=area, needed=needed, actor=acting(9), now=NOW)
        said.append(is_needed(session, at=node))
    assert said == [False, True, False, False, True, False]
    assert (own_word(session, area=NATION), own_word(session, area=node.area)) == (False, None)
    with pytest.raises(OutOfReach):
        set_approval(session, area=NATION, needed=True, actor=of_province(town), now=NOW)
    with pytest.raises(OutOfReach):
        set_approval(session, area=node.area, needed=False, actor=of_office(town), now=NOW)
    kinds = session.scalars(select(Event.data).where(Event.kind == "approval.set").order_by(Event.id)).all()
    assert [each.get("new") for each in kinds] == [{"approval": each} for each in (True, False, False, True, None)]


def test_an_approval_that_takes_places_asks_about_its_people_first(session: WriteSession) -> None:
    town = Town(session)
    approval_needed(session)
    people = town.people(4)
    id = make_worksheet(session, queue=town.queue, week=a_week(counters=1))
    intended = IntendedChange(
        kind=ChangeKind.RULE,
        subject=f"queue:{town.queue.id}",
        reach=Reach(queue_id=town.queue.id),
        act=lambda session: decide(session, worksheet_id=id, state=WorksheetState.APPROVED, **STAFF),
    )
    with pytest.raises(PeopleAreHit) as seen, session.begin_nested():
        carry_out(session, intended=intended, answer=None, **STAFF)
    assert [each.id for each in seen.value.hit] == people[1::2]
    session.expire_all()
    assert row_of(session, id).state is WorksheetState.STATED
    assert places(session, town) == 48


def test_what_was_stated_is_kept_with_its_author_and_told_in_the_history(session: WriteSession) -> None:
    town = Town(session)
    approval_needed(session)
    id = make_worksheet(session, queue=town.queue, actor=of_office(town))
    decided(session, id, WorksheetState.RETURNED, town, reason="دلیل")
    kinds = ("worksheet.state", "worksheet.decide")
    stated, returned = session.scalars(select(Event).where(Event.kind.in_(kinds)).order_by(Event.id)).all()
    assert (stated.actor_id, stated.subject, stated.office_id) == (7, f"queue:{town.queue.id}", town.office.id)
    assert stated.data["old"]["0"] == [[480, 840, 15, 2]]
    assert stated.data["new"]["0"] == [[480, 840, 15, 3]]
    assert stated.data["places"] == [96, 144]
    assert (returned.actor_id, returned.data["old"], returned.data["new"]) == (
        8,
        {"state": "stated"},
        {"state": "returned"},
    )
    written = " ".join(str(each) for each in session.scalars(select(Event.data)))
    assert not {"دلیل", "باجهٔ سوم"} & set(written.split())


def test_a_week_that_cannot_be_or_is_hardly_meant_is_not_stated(session: WriteSession) -> None:
    town = Town(session)
    approval_needed(session)
    said: dict[str, Any] = {"queue_id": town.queue.id, "from_day": TODAY, **STAFF}
    with pytest.raises(WeekOutOfOrder):
        state_capacity(session, week=Week((*[()] * 6, (Hours(600, 500, 15, 1),))), **said)
    with pytest.raises(NotPlausible):
        state_capacity(session, week=a_week(counters=90), **said)
    state_capacity(session, week=a_week(counters=90), is_sure=True, **said)


def test_the_directorate_sees_what_waits_and_what_waits_too_long(session: WriteSession) -> None:
    town, beside = Town(session), Town(session, province_code="IR-09")
    approval_needed(session)
    late = make_worksheet(session, queue=town.queue)
    make_worksheet(session, queue=beside.queue)
    rows, number = waiting_worksheets(session, scope=Scope.of(town.office.node.area), limit=9)
    assert ([each.id for each in rows], number) == ([late], 1)
    assert waiting_worksheets(session, scope=EVERYWHERE, limit=1)[1] == 2
    after = NOW + TIME_TO_DECIDE
    assert [rows[0].is_late(after + timedelta(seconds=each)) for each in (0, 1)] == [False, True]
