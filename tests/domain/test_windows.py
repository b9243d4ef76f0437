"""Whose names staff see on which day: each role with each day, kept in the queries, without any page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.acting import Actor, OutOfReach, Permission
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.capacity.models import SlotStatus
from desk.codes import TrackingCode
from desk.events import queries as events
from desk.offices import queries as offices
from desk.offices.models import Office
from desk.offices.rows import OfficeRow
from desk.organisation import Scope
from desk.people.models import Person
from desk.staff.permissions import Role
from desk.staff.queries import actor_of
from desk.storage.base import WriteSession
from desk.visits import windows
from desk.visits.refusals import ReasonMissing
from desk.visits.rules import call_numbers, is_in_window
from tests import makers
from tests.makers import NOW, TODAY

DAYS = (-200, -8, -7, -2, -1, 0, 1, 2, 3, 14, 15, 60)
"""Days from today, a Saturday. The office gives turns on day 3 and not before."""
NEXT = 3
REASON = "مراجع پشت باجه است و روزش را گم کرده است"


@dataclass(frozen=True)
class Scene:
    """One office with an appointment on each of DAYS."""

    session: WriteSession
    office: OfficeRow

    def actor(self, role: Role) -> Actor:
        """Somebody with this role, at the office, in its province, or in the country."""
        if role is Role.PROVINCE_OFFICER:
            member = makers.make_staff(self.session, role=role, province_code="IR-30")
        elif role is Role.ADMINISTRATOR:
            member = makers.make_staff(self.session, role=role)
        else:
            member = makers.make_staff(self.session, role=role, office=self.session.get_one(Office, self.office.id))
        return actor_of(self.session, staff_id=member.id, now=NOW)

    def named(self, actor: Actor) -> set[int]:
        """The days, from today, whose names the actor sees."""
        return {day for day in DAYS if self.seen(actor, day).rows}

    def seen(self, actor: Actor, day: int) -> windows.DaySeen:
        """What the actor sees of this day."""
        return windows.day_seen(self.session, actor=actor, office=self.office, day=TODAY + timedelta(days=day), now=NOW)

    def turn(self, day: int) -> Appointment:
        """The appointment of this day."""
        wanted = TODAY + timedelta(days=day)
        return self.session.scalars(select(Appointment).where(Appointment.day == wanted)).one()


@pytest.fixture
def scene(session: WriteSession) -> Scene:
    office = makers.make_office(session)
    service = makers.make_service(session)
    queue = makers.make_queue(session, office=office, services=[service])
    for day in DAYS:
        starts_at = makers.at(TODAY + timedelta(days=day), hour=9)
        # Someone keeps a time on a day that closed afterwards: it is no day on which the office works.
        status = SlotStatus.CLOSED if 0 < day < NEXT else SlotStatus.LIVE
        slot = makers.make_slot(session, queue=queue, starts_at=starts_at, status=status)
        makers.make_appointment(session, slot=slot, service=service)
    session.flush()
    row = offices.office(session, office_id=office.id)
    assert row is not None
    return Scene(session, row)


AT_THE_COUNTER = {-1, 0, 1, 2, 3}
SEES = {
    Role.CLERK: AT_THE_COUNTER,
    Role.MARSHAL: AT_THE_COUNTER,
    Role.DESK_OFFICER: AT_THE_COUNTER,
    Role.OFFICE_MANAGER: {-7, -2, -1, 0, 1, 2, 3, 14},
    Role.PROVINCE_OFFICER: set[int](),
    Role.ADMINISTRATOR: set[int](),
}
"""Whose names without a reason; `docs/staff.md` says the same."""


@pytest.mark.parametrize("role", Role)
def test_a_role_sees_the_names_of_its_days_and_the_counts_of_all(scene: Scene, role: Role) -> None:
    """The attack: one clerk read 697 people over 362 days in two seconds."""
    actor = scene.actor(role)
    assert scene.named(actor) == SEES[role]
    for day in DAYS:
        assert scene.seen(actor, day).counts == {AppointmentState.BOOKED: 1}, "the counts are there for planning"


ASKS = set(Role) - {Role.PROVINCE_OFFICER}


@pytest.mark.parametrize("role", Role)
def test_a_reason_opens_one_day_for_the_day_and_is_written_down(scene: Scene, role: Role) -> None:
    actor, far = scene.actor(role), TODAY + timedelta(days=60)
    asked: dict[str, Any] = {"office_id": scene.office.id, "day": far, "reason": REASON}
    if role not in ASKS:
        assert not scene.seen(actor, 60).may_ask
        with pytest.raises(OutOfReach):
            windows.open_day(scene.session, **asked, actor=actor, now=NOW)
        return
    assert scene.seen(actor, 60).may_ask
    windows.open_day(scene.session, **asked, actor=actor, now=NOW)
    windows.open_day(scene.session, **asked, actor=actor, now=NOW)  # pressed twice
    assert scene.named(actor) == SEES[role] | {60}
    assert scene.named(scene.actor(role)) == SEES[role], "it is open for nobody else"
    lines = [
        line for line in events.of(scene.session, subject=f"office:{scene.office.id}") if line.kind == "day.opened"
    ]
    assert [(line.actor_id, line.data) for line in lines] == [
        (actor.staff_id, {"day": far.isoformat(), "reason": REASON})
    ]
    tomorrow = NOW + timedelta(days=1)
    seen = windows.day_seen(scene.session, actor=actor, office=scene.office, day=far, now=tomorrow)
    assert seen.rows is None


def test_a_reason_given_before_a_role_was_taken_opens_nothing_afterwards(scene: Scene) -> None:
    actor, far = scene.actor(Role.CLERK), TODAY + timedelta(days=60)
    windows.open_day(scene.session, office_id=scene.office.id, day=far, reason=REASON, actor=actor, now=NOW)
    assert actor.staff_id is not None
    counts_only = Actor.staff(actor.staff_id, {Permission.APPOINTMENTS_READ: Scope.of(scene.office.node)})

    assert scene.seen(actor, 60).rows
    assert scene.seen(counts_only, 60) == windows.DaySeen(None, {AppointmentState.BOOKED: 1}, may_ask=False)
    door = windows.at_the_door(scene.session, actor=counts_only, office=scene.office, day=far, now=NOW)
    assert door is None


@pytest.mark.parametrize("reason", ["", "   کار  ", "x" * 121, "مراجع با شمارهٔ ۱۲۳۴۵۶۷۸۹"])
def test_a_reason_has_words_and_no_number(scene: Scene, reason: str) -> None:
    actor, far = scene.actor(Role.CLERK), TODAY + timedelta(days=60)
    with pytest.raises(ReasonMissing):
        windows.open_day(scene.session, office_id=scene.office.id, day=far, reason=reason, actor=actor, now=NOW)


@pytest.mark.parametrize("role", Role)
def test_a_whole_code_or_number_finds_its_turn_on_any_day_and_its_name_in_the_window(scene: Scene, role: Role) -> None:
    actor = scene.actor(role)
    for day in DAYS:
        turn = scene.turn(day)
        found = windows.found_by_code(scene.session, code=TrackingCode(turn.code), actor=actor, now=NOW)
        assert found is not None
        assert (found.id, found.is_named, found.person_name is not None) == (turn.id, *(day in SEES[role],) * 2)
        person = scene.session.get_one(Person, turn.person_id)
        [same] = windows.found_by_identity(
            scene.session,
            hashes=[person.identity_hash],
            scope=actor.scope(Permission.APPOINTMENTS_READ),
            limit=9,
            actor=actor,
            now=NOW,
        )
        assert (same.is_named, same.identity_last4 is not None) == (day in SEES[role],) * 2


def test_who_works_at_the_office_of_which_they_handle_complaints_elsewhere_keeps_the_own_days(scene: Scene) -> None:
    """Complaints about an office never reach its own staff, so a clerk who also answers questions sees names."""
    assert scene.named(scene.actor(Role.DESK_OFFICER)) == AT_THE_COUNTER


def test_where_the_office_gives_no_turns_for_two_weeks_tomorrow_is_the_next_day(session: WriteSession) -> None:
    office = makers.make_office(session)
    assert windows.next_working_day(session, office_id=office.id, today=TODAY) == TODAY + timedelta(days=1)


@pytest.mark.parametrize("day", range(-20, 21))
def test_who_plans_sees_no_less_than_the_counter(day: int) -> None:
    at, next_day = TODAY + timedelta(days=day), TODAY + timedelta(days=NEXT)
    at_the_counter = is_in_window(at, today=TODAY, next_working_day=next_day, plans=False)
    assert not at_the_counter or is_in_window(at, today=TODAY, next_working_day=next_day, plans=True)


def test_at_the_door_stand_times_and_numbers_that_are_not_the_same() -> None:
    assert call_numbers(["100000482", "100000111"]) == ["482", "111"]
    assert call_numbers(["100001482", "100002482", "100000111"]) == ["1482", "2482", "111"]
    assert call_numbers(["100091482", "100081482", "100002482"]) == ["91482", "81482", "2482"]
    assert call_numbers([]) == []


def test_the_list_for_the_door_holds_nothing_of_anybody(scene: Scene) -> None:
    def door(role: Role, day: int) -> list[windows.AtTheDoor] | None:
        there = TODAY + timedelta(days=day)
        return windows.at_the_door(scene.session, actor=scene.actor(role), office=scene.office, day=there, now=NOW)

    [line] = door(Role.CLERK, 0) or []
    turn = scene.turn(0)
    assert (line.starts_at, line.number) == (turn.starts_at, turn.code[-3:])
    assert {role: {day for day in DAYS if door(role, day) is not None} for role in Role} == SEES


def test_nobody_is_called_at_the_door_whose_appointment_was_cancelled(scene: Scene) -> None:
    cancelled = scene.turn(0)
    cancelled.state, cancelled.is_live = AppointmentState.CANCELLED_BY_PERSON, False
    scene.session.flush()

    assert (
        windows.at_the_door(scene.session, actor=scene.actor(Role.CLERK), office=scene.office, day=TODAY, now=NOW) == []
    )
