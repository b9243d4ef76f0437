"""The register of those who keep order, and the alarm that a crowd has formed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from desk.acting import Actor, OutOfReach, Permission
from desk.events.queries import of
from desk.marshals.alarms import mark_seen, raise_alarm
from desk.marshals.queries import alarms, on_shift, register, unseen
from desk.marshals.refusals import CrowdKnown, ShiftOutOfOrder, ShiftsOverlap
from desk.marshals.rules import DAYS_BACK, LONGEST_SHIFT, QUIET, SHOWN_FOR
from desk.marshals.shifts import begin, end, enter
from desk.offices.models import Office
from desk.organisation import EVERYWHERE, NOWHERE, Scope
from desk.staff.permissions import Role
from desk.storage.base import WriteSession
from desk.verify import verify
from tests.makers import NOW, TODAY, acting, make_office, make_staff

HOUR = timedelta(hours=1)


@pytest.fixture
def office(session: WriteSession) -> Office:
    return make_office(session)


def marshal(session: WriteSession, office: Office, name: str = "کاوه دلیر") -> Actor:
    member = make_staff(session, name=name, role=Role.MARSHAL, office=office)
    return acting(member.id)


@pytest.mark.requirement("000-05", "S")
def test_a_shift_begins_and_ends_with_a_press_each(session: WriteSession, office: Office) -> None:
    actor = marshal(session, office)
    begin(session, office_id=office.id, actor=actor, now=NOW)
    begin(session, office_id=office.id, actor=actor, now=NOW + HOUR)
    [now] = on_shift(session, office_id=office.id, now=NOW + HOUR)
    assert (now.staff_id, now.began_at, now.day) == (actor.staff_id, NOW, TODAY)
    end(session, office_id=office.id, actor=actor, now=NOW + 2 * HOUR)
    end(session, office_id=office.id, actor=actor, now=NOW + 3 * HOUR)
    assert on_shift(session, office_id=office.id, now=NOW + 3 * HOUR) == []
    [row] = register(session, office_id=office.id, today=TODAY)
    assert (row.began_at, row.ended_at) == (NOW, NOW + 2 * HOUR)
    kinds = [each.kind for each in of(session, subject=f"office:{office.id}") if each.kind.startswith("shift.")]
    assert sorted(kinds) == ["shift.began", "shift.ended"]
    assert verify(session) == []


def test_a_shift_that_nobody_ended_ends_by_itself(session: WriteSession, office: Office) -> None:
    actor = marshal(session, office)
    begin(session, office_id=office.id, actor=actor, now=NOW)
    next_day = NOW + timedelta(days=1)
    assert on_shift(session, office_id=office.id, now=next_day) == []
    begin(session, office_id=office.id, actor=actor, now=next_day)
    new, old = register(session, office_id=office.id, today=TODAY + timedelta(days=1))
    assert (old.ended_at, new.began_at, new.ended_at) == (NOW + LONGEST_SHIFT, next_day, None)
    end(session, office_id=office.id, actor=actor, now=next_day + timedelta(days=1))
    assert register(session, office_id=office.id, today=TODAY)[0].ended_at == next_day + LONGEST_SHIFT


def test_two_may_keep_order_at_once_and_nobody_for_another(session: WriteSession, office: Office) -> None:
    one, two = marshal(session, office), marshal(session, office, name="نورا")
    begin(session, office_id=office.id, actor=one, now=NOW)
    begin(session, office_id=office.id, actor=two, now=NOW)
    end(session, office_id=office.id, actor=one, now=NOW + HOUR)
    [left] = on_shift(session, office_id=office.id, now=NOW + HOUR)
    assert left.staff_id == two.staff_id
    with pytest.raises(OutOfReach):
        begin(session, office_id=office.id, actor=Actor.staff(7, {}), now=NOW)


def test_the_manager_enters_a_shift_that_is_over(session: WriteSession, office: Office) -> None:
    member, manager = marshal(session, office).staff_id, acting(99)
    assert member is not None
    given: dict[str, Any] = {"office_id": office.id, "member_id": member, "actor": manager, "now": NOW}
    enter(session, began_at=NOW - 3 * HOUR, ended_at=NOW - HOUR, **given)
    [row] = register(session, office_id=office.id, today=TODAY)
    assert (row.staff_id, row.ended_at) == (member, NOW - HOUR)
    with pytest.raises(ShiftsOverlap):
        enter(session, began_at=NOW - 2 * HOUR, ended_at=NOW, **given)
    long_ago = NOW - timedelta(days=DAYS_BACK + 1)
    for began, ended in (
        (NOW, NOW - HOUR),
        (NOW - HOUR, NOW + HOUR),
        (long_ago, long_ago + HOUR),
        (NOW - timedelta(days=1), NOW),
    ):
        with pytest.raises(ShiftOutOfOrder):
            enter(session, began_at=began, ended_at=ended, **given)
    with pytest.raises(OutOfReach):
        enter(session, began_at=NOW - HOUR, ended_at=NOW, **{**given, "member_id": make_staff(session).id})
    clerk = Actor.staff(5, {Permission.APPOINTMENTS_RECORD: EVERYWHERE})
    with pytest.raises(OutOfReach):
        enter(session, began_at=NOW - HOUR, ended_at=NOW, **{**given, "actor": clerk})


@pytest.mark.requirement("000-05", "M")
def test_a_crowd_is_told_at_once_and_not_again_for_a_quarter_of_an_hour(session: WriteSession, office: Office) -> None:
    actor, directorate = marshal(session, office), acting(99)
    raise_alarm(session, office_id=office.id, actor=actor, now=NOW)
    [told] = unseen(session, actor=directorate, now=NOW, limit=9)
    assert (told.office_id, told.raised_at, told.raiser) == (office.id, NOW, "کاوه دلیر")
    with pytest.raises(CrowdKnown) as refusal:
        raise_alarm(session, office_id=office.id, actor=actor, now=NOW + QUIET - timedelta(seconds=1))
    assert refusal.value.at == NOW
    raise_alarm(session, office_id=office.id, actor=actor, now=NOW + QUIET)
    assert len(unseen(session, actor=directorate, now=NOW + QUIET, limit=9)) == 2
    other = make_office(session, code="72-9999")
    raise_alarm(session, office_id=other.id, actor=actor, now=NOW)
    assert len(alarms(session, scope=EVERYWHERE, since=NOW - HOUR, limit=9)) == 3
    assert alarms(session, scope=NOWHERE, since=NOW - HOUR, limit=9) == []


def test_each_of_those_who_are_told_says_that_they_saw_it(session: WriteSession, office: Office) -> None:
    actor = marshal(session, office)
    manager, directorate = acting(make_staff(session).id), acting(make_staff(session).id)
    raise_alarm(session, office_id=office.id, actor=actor, now=NOW)
    [alarm] = unseen(session, actor=manager, now=NOW, limit=9)
    mark_seen(session, alarm_id=alarm.id, actor=manager, now=NOW)
    mark_seen(session, alarm_id=alarm.id, actor=manager, now=NOW)
    assert unseen(session, actor=manager, now=NOW, limit=9) == []
    assert len(unseen(session, actor=directorate, now=NOW, limit=9)) == 1
    assert unseen(session, actor=directorate, now=NOW + SHOWN_FOR, limit=9) == []
    [row] = alarms(session, scope=EVERYWHERE, since=NOW - HOUR, limit=9)
    assert row.seen == 1
    assert [each.kind for each in of(session, subject=f"crowd:{alarm.id}")] == ["crowd.seen", "crowd.alarm"]
    with pytest.raises(OutOfReach):
        mark_seen(session, alarm_id=alarm.id, actor=actor_of_counter(), now=NOW)
    assert unseen(session, actor=actor_of_counter(), now=NOW, limit=9) == []
    assert verify(session) == []


def actor_of_counter() -> Actor:
    """A clerk: nobody who is told of alarms."""
    return Actor.staff(5, {Permission.APPOINTMENTS_RECORD: Scope.of()})
