"""Who is on duty, and the working days on which nobody keeps order at an office."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.acting import OutOfReach
from desk.calendar import local_day_of
from desk.capacity.actions import set_exception
from desk.capacity.models import ExceptionKind
from desk.deadlines.models import Deadline
from desk.deadlines.rules import MARSHAL, DeadlineLevel, level
from desk.events.models import Event
from desk.figures.counting import count_days
from desk.organisation import EVERYWHERE, NATION, Scope, province
from desk.rosters.actions import set_conditions, set_days_off
from desk.rosters.queries import conditions_for, days_off_between, own_conditions, unkept_days, working_days
from desk.rosters.telling import offices_to_tell, roster_waits, tell_of_days, told_within
from desk.staff.models import RoleAssignment
from desk.staff.permissions import Role
from desk.storage.base import WriteSession
from tests.makers import NOW, TODAY, acting, make_staff
from tests.makers_changes import STAFF, Town

SUNDAY = TODAY + timedelta(days=1)


def open_town(session: WriteSession, *, province_code: str = "IR-30") -> Town:
    """Open on Saturdays and Sundays; today is a Saturday."""
    town = Town(session, province_code=province_code)
    count_days(session, id=town.queue.id, now=NOW)
    return town


def unkept(session: WriteSession, *, scope: Scope = EVERYWHERE, later: int = 0) -> list[int]:
    """The days without a marshal, as days from today on."""
    return [(each.day - TODAY).days for each in unkept_days(session, scope=scope, today=TODAY + timedelta(days=later))]


@pytest.mark.requirement("000-05", "M")
def test_a_working_day_without_a_marshal_is_told_of_three_days_before(session: WriteSession) -> None:
    open_town(session)
    assert unkept(session) == [0, 1]
    assert unkept(session, later=3) == []
    assert unkept(session, later=4) == [7]  # three days before next Saturday
    assert unkept(session, later=5) == [7, 8]


@pytest.mark.requirement("000-05", "M")
def test_a_marshal_is_on_duty_on_each_working_day_but_those_off(session: WriteSession) -> None:
    town = open_town(session)
    marshal = make_staff(session, role=Role.MARSHAL, office=town.office)
    assert unkept(session) == []

    set_days_off(session, office_id=town.office.id, first=TODAY, last=SUNDAY, off=[(marshal.id, SUNDAY)], **STAFF)

    assert unkept(session) == [1]
    make_staff(session, role=Role.MARSHAL, office=town.office)
    assert unkept(session) == []


@pytest.mark.parametrize("how", ["not yet", "no more", "closed account", "a clerk", "elsewhere", "of the province"])
def test_who_is_no_marshal_there_that_day_does_not_count(session: WriteSession, how: str) -> None:
    town = open_town(session)
    role = Role.CLERK if how == "a clerk" else Role.MARSHAL
    office = Town(session).office if how == "elsewhere" else town.office
    member = make_staff(session, role=role, office=None if how == "of the province" else office, province_code="IR-30")
    held = session.scalars(select(RoleAssignment).where(RoleAssignment.staff_id == member.id)).one()
    if how == "not yet":
        held.valid_from = SUNDAY
    elif how == "no more":
        held.valid_to = TODAY - timedelta(days=1)
    member.is_active = how != "closed account"
    session.flush()
    assert 0 in unkept(session)


def test_a_day_on_which_the_office_is_closed_needs_nobody(session: WriteSession) -> None:
    town = open_town(session)
    set_exception(session, queue_id=town.queue.id, day=SUNDAY, kind=ExceptionKind.CLOSED, **STAFF)
    count_days(session, id=town.queue.id, now=NOW)
    assert unkept(session) == [0]
    assert working_days(session, office_id=town.office.id, first=TODAY, last=SUNDAY) == {TODAY}


def test_each_sees_the_days_of_their_own_offices(session: WriteSession) -> None:
    town = open_town(session)
    open_town(session, province_code="IR-09")
    rows = unkept_days(session, scope=Scope.of(town.office.node), today=TODAY)
    assert {each.office_id for each in rows} == {town.office.id}
    assert len(unkept(session)) == 4


def test_days_off_are_said_anew_for_a_week_and_told_in_the_history(session: WriteSession) -> None:
    town = open_town(session)
    clerk, stranger = make_staff(session, office=town.office).id, make_staff(session).id
    week: dict[str, Any] = {"office_id": town.office.id, "first": TODAY, "last": SUNDAY}
    later = SUNDAY + timedelta(days=1)
    set_days_off(session, **week, off=[(clerk, TODAY), (stranger, TODAY), (clerk, later)], **STAFF)
    assert days_off_between(session, **{**week, "last": later}) == {(clerk, TODAY)}
    set_days_off(session, **week, off=[(clerk, SUNDAY)], **STAFF)
    set_days_off(session, **week, off=[(clerk, SUNDAY)], **STAFF)
    assert days_off_between(session, **week) == {(clerk, SUNDAY)}
    told = session.scalars(select(Event.data).where(Event.kind == "roster.set").order_by(Event.id)).all()
    assert [(each["off"], each["on"]) for each in told] == [
        ({str(clerk): [TODAY.isoformat()]}, {}),
        ({str(clerk): [SUNDAY.isoformat()]}, {str(clerk): [TODAY.isoformat()]}),
    ]


def test_conditions_are_not_announced_until_the_nearest_area_says_them(session: WriteSession) -> None:
    town = open_town(session)
    node = town.office.node
    assert conditions_for(session, at=node) is None
    set_conditions(session, area=NATION, conditions="دیپلم", **STAFF)
    assert (conditions_for(session, at=node), own_conditions(session, area=node.area)) == ("دیپلم", None)
    set_conditions(session, area=node.area, conditions="دیپلم و گواهی", **STAFF)
    assert conditions_for(session, at=node) == "دیپلم و گواهی"
    set_conditions(session, area=node.area, conditions=" ", **STAFF)
    assert conditions_for(session, at=node) == "دیپلم"
    with pytest.raises(OutOfReach):
        set_conditions(session, area=NATION, conditions="", actor=acting(3, may=Scope.of(province("IR-30"))), now=NOW)


def look(session: WriteSession, *, now: datetime = NOW) -> None:
    """The job that tells of days without a marshal."""
    for id in offices_to_tell(session, now=now):
        tell_of_days(session, id=id, now=now)
    assert offices_to_tell(session, now=now) == []


def told(session: WriteSession) -> list[list[int]]:
    """The days of each event, from today on."""
    days = [each["days"] for each in session.scalars(select(Event.data).where(Event.kind == "roster.unkept"))]
    return [[(date.fromisoformat(day) - TODAY).days for day in each] for each in days]


@pytest.mark.requirement("000-05", "M")
def test_the_office_is_told_of_each_day_once(session: WriteSession) -> None:
    town = open_town(session)

    look(session)
    look(session, now=NOW + timedelta(hours=1))

    assert told(session) == [[0, 1]]
    waits = roster_waits(session, office_id=town.office.id, today=TODAY)
    assert waits.unkept == [TODAY, SUNDAY]
    look(session, now=NOW + timedelta(days=4))
    assert told(session) == [[0, 1], [7]]
    assert roster_waits(session, office_id=town.office.id, today=TODAY + timedelta(days=4)).unkept == [
        TODAY + timedelta(days=7)
    ]
    # Of the days that are over nothing is owed any more.
    ended = [Deadline.is_running, Deadline.met_at.is_not(None), Deadline.dropped_at.is_not(None)]
    found = [tuple(row) for row in session.execute(select(*ended).order_by(Deadline.due_at))]
    assert found == [(False, False, True), (False, False, True), (True, False, False)], "nobody came: it is not met"


def test_a_marshal_meets_what_was_owed_and_who_goes_again_is_not_told_of_twice(session: WriteSession) -> None:
    town = open_town(session)
    look(session)
    marshal = make_staff(session, role=Role.MARSHAL, office=town.office)

    look(session)

    assert roster_waits(session, office_id=town.office.id, today=TODAY).unkept == []
    assert session.scalars(select(Deadline.met_at)).all() == [NOW, NOW]
    set_days_off(session, office_id=town.office.id, first=TODAY, last=SUNDAY, off=[(marshal.id, SUNDAY)], **STAFF)
    look(session)
    assert roster_waits(session, office_id=town.office.id, today=TODAY).unkept == [SUNDAY]
    assert told(session) == [[0, 1]]
    [again] = [each for each in told_within(session, scope=EVERYWHERE, today=TODAY) if each.is_unkept]
    assert (again.day, again.since) == (SUNDAY, NOW)


def test_the_deadline_ends_when_the_day_begins_and_is_soon_the_day_before(session: WriteSession) -> None:
    open_town(session)
    early = NOW - timedelta(days=2)
    look(session, now=early)
    first = session.scalars(select(Deadline).order_by(Deadline.due_at)).first()
    assert first is not None
    assert local_day_of(first.due_at).date == TODAY
    assert local_day_of(first.due_at - timedelta(seconds=1)).date == TODAY - timedelta(days=1)
    assert level(first.due_at, kind=MARSHAL, now=first.due_at - timedelta(hours=23)) is DeadlineLevel.SOON
    assert level(first.due_at, kind=MARSHAL, now=early) is DeadlineLevel.AHEAD
