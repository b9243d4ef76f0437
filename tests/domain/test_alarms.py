"""Alarms about how much an account reads: counted from the history, written once an hour, and nothing is refused."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from desk.events import actions as events
from desk.events.models import Event
from desk.organisation import office as office_node
from desk.staff import alarms
from desk.staff.alarms import Alarm, TooMuch, too_much, watch
from desk.staff.permissions import Role
from desk.staff.thresholds import Thresholds
from desk.storage.base import WriteSession
from tests.makers import NOW, TODAY, acting, at, make_office, make_staff
from tests.system.source_rules import Source, sources

FEW = Thresholds(people=5, people_out_of_hours=3, people_of_other_days=4, looked_up=3)
NIGHT = NOW.replace(hour=20)
"""Half past eleven at night in Tehran."""
FRIDAY = NOW - timedelta(days=1)


def read(
    session: WriteSession, staff_id: int, *, people: int, at: datetime = NOW, day: int | None = None, first: int = 0
) -> None:
    """One look at a list of so many people."""
    seen = [f"appointment:{first + number}" for number in range(people)]
    data = {"page": "/today"} | ({} if day is None else {"day": (TODAY + timedelta(days=day)).isoformat()})
    events.note(session, kind="day.read", subject="office:1", actor=acting(staff_id), others=seen, data=data, now=at)


def found(session: WriteSession, *, now: datetime = NOW, thresholds: Thresholds = FEW) -> set[TooMuch]:
    return set(too_much(session, thresholds=thresholds, now=now))


def test_different_people_of_an_hour_are_counted_over_all_looks(session: WriteSession) -> None:
    read(session, 1, people=4)
    read(session, 1, people=4)
    read(session, 2, people=4)
    read(session, 1, people=4, at=NOW - timedelta(minutes=61), first=100)
    assert found(session) == set()
    read(session, 1, people=1, first=50)
    assert found(session) == {TooMuch(1, Alarm.PEOPLE, 5)}


@pytest.mark.parametrize("at", [NIGHT, FRIDAY], ids=["night", "friday"])
def test_a_few_people_are_many_out_of_hours(session: WriteSession, at: datetime) -> None:
    read(session, 1, people=3, at=at)
    assert found(session, now=at) == {TooMuch(1, Alarm.OUT_OF_HOURS, 3)}


@pytest.mark.parametrize(("clock", "is_late"), [((5, 59), True), ((6, 0), False), ((19, 59), False), ((20, 0), True)])
def test_the_working_hours_are_those_of_the_clock_in_tehran(
    session: WriteSession, clock: tuple[int, int], is_late: bool
) -> None:
    moment = at(hour=clock[0], minute=clock[1])
    read(session, 1, people=3, at=moment)
    assert found(session, now=moment) == ({TooMuch(1, Alarm.OUT_OF_HOURS, 3)} if is_late else set())


def test_a_reviewer_may_read_the_history_and_a_file_of_it_is_counted(session: WriteSession) -> None:
    seen = [f"case:{number}" for number in range(9)]
    events.note(session, kind="history.read", subject="history", actor=acting(1), others=seen, now=NOW)
    assert found(session) == set()
    events.note(session, kind="history.export", subject="history", actor=acting(1), others=seen, now=NOW)
    assert found(session) == {TooMuch(1, Alarm.PEOPLE, 9)}


@pytest.mark.parametrize(("day", "is_other"), [(-2, True), (-1, False), (0, False), (4, False), (5, True), (90, True)])
def test_people_of_far_days_are_counted_apart(session: WriteSession, day: int, is_other: bool) -> None:
    read(session, 1, people=4, day=day)
    assert found(session) == ({TooMuch(1, Alarm.OTHER_DAYS, 4)} if is_other else set())


def test_codes_and_numbers_looked_for_are_counted_found_or_not(session: WriteSession) -> None:
    for kind in ("appointment.found", "appointment.not_found", "appointment.found"):
        events.note(session, kind=kind, subject="appointment:7", actor=acting(1), now=NOW)
    assert found(session) == {TooMuch(1, Alarm.LOOKED_UP, 3)}


def test_an_alarm_is_written_once_an_hour_at_the_place_of_the_account(session: WriteSession) -> None:
    office = make_office(session)
    clerk = make_staff(session, role=Role.CLERK, office=office).id
    read(session, clerk, people=9)
    assert watch(session, now=NOW, limit=100, thresholds=FEW) == 1
    assert watch(session, now=NOW + timedelta(minutes=2), limit=100, thresholds=FEW) == 0
    later = NOW + timedelta(minutes=61)
    read(session, clerk, people=9, at=later)
    assert watch(session, now=later, limit=100, thresholds=FEW) == 1, "the hour after it counts anew"
    [line, _of_the_next] = session.scalars(select(Event).where(Event.kind == Alarm.PEOPLE).order_by(Event.id)).all()
    assert (line.subject, line.office_id, line.data) == (
        f"staff:{clerk}",
        office_node(office.id, area=office.area).office_id,
        {"number": 9, "threshold": 5},
    )


def test_as_installed_a_day_at_the_counter_is_no_alarm(session: WriteSession) -> None:
    read(session, 1, people=120, day=0)
    read(session, 1, people=70, day=1, first=200)
    assert watch(session, now=NOW, limit=100) == 0


def kinds_of_readings(of: list[Source]) -> Iterator[str]:
    """The kinds of events that pages name for what they show."""
    for source in of:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Reading":
                yield from (str(each.value) for each in node.args[:1] if isinstance(each, ast.Constant))


def test_every_kind_of_reading_is_counted() -> None:
    kinds = set(kinds_of_readings(list(sources("backoffice"))))
    assert "case.heard" in kinds
    assert {kind for kind in kinds if not kind.endswith((*alarms.READS, *alarms.LOOKS_UP))} == set()
