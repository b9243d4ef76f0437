"""Leave that staff ask for, and what the manager says to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.acting import Actor, OutOfReach
from desk.events.models import Event
from desk.rosters.actions import set_days_off
from desk.rosters.leave import ask_leave, decide_leave, withdraw_leave
from desk.rosters.leave_queries import leave_asked, own_leave
from desk.rosters.models import Leave
from desk.rosters.queries import days_off_between
from desk.rosters.refusals import (
    DeclinedWithoutWord,
    LeaveAskedTwice,
    LeaveDecided,
    LeaveOutOfOrder,
    NotInTheRoster,
)
from desk.rosters.rules import MOST_LEAVE, LeaveState
from desk.rosters.telling import roster_waits
from desk.staff.permissions import Role
from desk.staff.queries import actor_of
from desk.storage.base import WriteSession
from tests.makers import NOW, TODAY, make_office, make_staff
from tests.makers_changes import STAFF

REASON = "عروسی برادرم در هرات"
DAY = timedelta(days=1)


def of(session: WriteSession, staff_id: int) -> Actor:
    return actor_of(session, staff_id=staff_id, now=NOW)


class Counter:
    """An office with a clerk, another clerk and a manager."""

    def __init__(self, session: WriteSession) -> None:
        self.session, self.office = session, make_office(session)
        self.clerk = make_staff(session, office=self.office).id
        self.other = make_staff(session, office=self.office).id
        self.manager = make_staff(session, role=Role.OFFICE_MANAGER, office=self.office).id

    def ask(self, *, first: int = 1, last: int = 2, by: int | None = None) -> int:
        """The clerk asks for days, counted from today on."""
        return ask_leave(
            self.session,
            office_id=self.office.id,
            first=TODAY + first * DAY,
            last=TODAY + last * DAY,
            reason=REASON,
            actor=of(self.session, by or self.clerk),
            now=NOW,
        )

    def decide(self, leave: int, *, is_granted: bool = True, word: str = "") -> int:
        actor = of(self.session, self.manager)
        return decide_leave(self.session, leave_id=leave, is_granted=is_granted, word=word, actor=actor, now=NOW)

    def off(self) -> set[tuple[int, int]]:
        """Who is off duty, on which day from today on."""
        found = days_off_between(self.session, office_id=self.office.id, first=TODAY, last=TODAY + 30 * DAY)
        return {(staff_id, (day - TODAY).days) for staff_id, day in found}


@pytest.mark.requirement("000-06", "S")
def test_days_are_off_once_the_manager_grants_them_and_not_before(session: WriteSession) -> None:
    desk = Counter(session)
    within: dict[str, Any] = {"office_id": desk.office.id, "first": TODAY, "last": TODAY + 5 * DAY}
    set_days_off(session, **within, off=[(desk.other, TODAY + DAY)], **STAFF)
    leave = desk.ask()
    assert desk.off() == {(desk.other, 1)}
    assert [(row.id, row.reason) for row in leave_asked(session, office_id=desk.office.id)] == [(leave, REASON)]
    assert roster_waits(session, office_id=desk.office.id, today=TODAY).asked == 1

    desk.decide(leave, word="خوش بگذرد")

    assert desk.off() == {(desk.other, 1), (desk.clerk, 1), (desk.clerk, 2)}
    assert leave_asked(session, office_id=desk.office.id) == []
    assert roster_waits(session, office_id=desk.office.id, today=TODAY).asked == 0
    [own] = own_leave(session, office_id=desk.office.id, staff_id=desk.clerk)
    assert (own.state, own.word) == (LeaveState.GRANTED, "خوش بگذرد")
    with pytest.raises(LeaveDecided):
        desk.decide(leave, is_granted=False, word="نه")


def test_leave_is_declined_with_a_word_and_changes_no_day(session: WriteSession) -> None:
    desk = Counter(session)
    leave = desk.ask()
    with pytest.raises(DeclinedWithoutWord):
        desk.decide(leave, is_granted=False, word=" ")
    desk.decide(leave, is_granted=False, word="آن روزها شلوغ است")
    assert desk.off() == set()
    [own] = own_leave(session, office_id=desk.office.id, staff_id=desk.clerk)
    assert (own.state, own.word) == (LeaveState.DECLINED, "آن روزها شلوغ است")
    assert desk.ask() != leave  # may be asked for again


def test_who_asked_takes_it_back_and_nobody_else(session: WriteSession) -> None:
    desk = Counter(session)
    leave = desk.ask()
    for other in (desk.other, desk.manager):
        with pytest.raises(OutOfReach):
            withdraw_leave(session, leave_id=leave, actor=of(session, other), now=NOW)
    withdraw_leave(session, leave_id=leave, actor=of(session, desk.clerk), now=NOW)
    with pytest.raises(LeaveDecided):
        desk.decide(leave)
    with pytest.raises(LeaveDecided):
        withdraw_leave(session, leave_id=leave, actor=of(session, desk.clerk), now=NOW)
    assert desk.off() == set()


@pytest.mark.parametrize(("first", "last"), [(2, 1), (-1, 1), (366, 367), (1, 1 + MOST_LEAVE)])
def test_days_out_of_order_are_not_asked_for(session: WriteSession, first: int, last: int) -> None:
    desk = Counter(session)
    with pytest.raises(LeaveOutOfOrder):
        desk.ask(first=first, last=last)
    desk.ask(first=1, last=MOST_LEAVE)


@pytest.mark.parametrize(
    ("first", "last", "is_twice"), [(2, 3, True), (0, 1, True), (0, 4, True), (0, 0, False), (3, 3, False)]
)
def test_a_day_is_asked_for_once(session: WriteSession, first: int, last: int, *, is_twice: bool) -> None:
    desk = Counter(session)
    desk.ask(first=1, last=2)
    desk.ask(first=first, last=last, by=desk.other)  # of another person it is another day
    if not is_twice:
        desk.ask(first=first, last=last)
        return
    with pytest.raises(LeaveAskedTwice):
        desk.ask(first=first, last=last)


def test_only_the_roster_of_the_office_asks(session: WriteSession) -> None:
    desk = Counter(session)
    with pytest.raises(NotInTheRoster):
        desk.ask(by=desk.manager)
    with pytest.raises(OutOfReach):
        desk.ask(by=make_staff(session).id)


def test_the_history_tells_of_leave_and_not_why(session: WriteSession) -> None:
    desk = Counter(session)
    desk.decide(desk.ask())
    told = session.execute(select(Event.kind, Event.subject, Event.data).where(Event.kind.like("leave.%"))).all()
    assert [(row.kind, row.subject) for row in told] == [
        ("leave.ask", f"staff:{desk.clerk}"),
        ("leave.decide", f"staff:{desk.clerk}"),
    ]
    assert "هرات" not in str(told)
    assert REASON.encode() not in (session.scalars(select(Leave.reason_sealed)).one() or b"")
