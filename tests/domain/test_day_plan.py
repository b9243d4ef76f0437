"""From weekly rules to the places of a day: plain arithmetic, asked with any rules at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.calendar import instant_of, weekday_of
from desk.capacity.rules import DayException, DayHours, PlannedSlot, WeeklyRule, day_plan, instants_around
from desk.values import LocalDay
from tests.makers import TODAY

SATURDAY = WeeklyRule(weekday=0, opens=480, closes=540, minutes_per_person=20, counters=2, valid_from=date(2026, 3, 21))
CLOSED = DayException(is_closed=True)

days = st.integers(0, 60).map(lambda n: TODAY + timedelta(days=n))


@st.composite
def rules(draw: st.DrawFn) -> WeeklyRule:
    opens = draw(st.integers(0, 1300))
    return WeeklyRule(
        weekday=draw(st.integers(0, 6)),
        opens=opens,
        closes=draw(st.integers(opens + 1, 1440)),
        minutes_per_person=draw(st.integers(1, 480)),
        counters=draw(st.integers(1, 200)),
        valid_from=draw(days),
        valid_to=draw(st.none() | days),
    )


def plan(*rules: WeeklyRule, exception: DayException | None = None, holiday: bool = False) -> list[PlannedSlot]:
    return day_plan(rules, exception=exception, holiday=holiday, day=TODAY)


@pytest.mark.requirement("000-13", "S")
def test_one_place_for_each_counter_as_often_as_a_visit_fits() -> None:
    assert plan(SATURDAY) == [PlannedSlot(480, 20, 2), PlannedSlot(500, 20, 2), PlannedSlot(520, 20, 2)]


def test_a_visit_that_would_end_after_closing_is_not_planned() -> None:
    assert plan(replace(SATURDAY, minutes_per_person=25)) == [PlannedSlot(480, 25, 2), PlannedSlot(505, 25, 2)]
    assert plan(replace(SATURDAY, minutes_per_person=61)) == []


def test_another_weekday_and_days_out_of_its_dates_have_no_places() -> None:
    assert plan(replace(SATURDAY, weekday=1)) == []
    assert plan(replace(SATURDAY, valid_from=TODAY + timedelta(days=1))) == []
    assert plan(replace(SATURDAY, valid_to=TODAY - timedelta(days=1))) == []
    assert len(plan(replace(SATURDAY, valid_from=TODAY, valid_to=TODAY))) == 3


def test_rules_that_meet_at_one_start_add_their_counters() -> None:
    longer = replace(SATURDAY, closes=560, counters=1)
    assert [slot.capacity for slot in plan(SATURDAY, longer)] == [3, 3, 3, 1]


def test_a_closed_day_and_a_holiday_have_no_places() -> None:
    assert plan(SATURDAY, exception=CLOSED) == []
    assert plan(SATURDAY, holiday=True) == []


def test_an_office_that_sets_its_own_hours_opens_on_a_holiday() -> None:
    hours = DayException(is_closed=False, hours=(DayHours(600, 640, 5),))
    assert plan(SATURDAY, exception=hours, holiday=True) == [PlannedSlot(600, 20, 5), PlannedSlot(620, 20, 5)]


def test_other_counters_alone_leave_the_hours_but_do_not_open_a_holiday() -> None:
    fewer = DayException(is_closed=False, counters=1)
    assert [slot.capacity for slot in plan(SATURDAY, exception=fewer)] == [1, 1, 1]
    assert plan(SATURDAY, exception=fewer, holiday=True) == []


def test_a_day_off_by_rule_can_be_opened_at_the_pace_of_another_day() -> None:
    sunday = replace(SATURDAY, weekday=1)
    hours = DayException(is_closed=False, hours=(DayHours(600, 620),))
    assert plan(sunday, exception=hours) == [PlannedSlot(600, 20, 2)]
    assert plan(exception=hours) == []


@settings(deadline=None)
@given(st.lists(rules(), max_size=6), days, st.booleans())
def test_every_planned_place_lies_in_a_rule_of_that_day(found: list[WeeklyRule], day: date, holiday: bool) -> None:
    slots = day_plan(found, exception=None, holiday=holiday, day=day)
    of_day = [rule for rule in found if rule.weekday == weekday_of(day) and rule.is_valid_on(day)]
    assert [slot.start for slot in slots] == sorted({slot.start for slot in slots})
    for slot in slots:
        behind = [rule for rule in of_day if rule.opens <= slot.start <= rule.closes - rule.minutes_per_person]
        behind = [rule for rule in behind if (slot.start - rule.opens) % rule.minutes_per_person == 0]
        assert slot.capacity == sum(rule.counters for rule in behind)
    wanted = 0 if holiday else sum(r.counters * ((r.closes - r.opens) // r.minutes_per_person) for r in of_day)
    assert sum(slot.capacity for slot in slots) == wanted


@settings(deadline=None)
@given(days, st.integers(0, 1439), st.sampled_from(["Asia/Tehran", "Asia/Kabul", "Pacific/Kiritimati", "Etc/GMT+12"]))
def test_the_instants_around_a_day_hold_all_of_it_in_every_zone(day: date, minutes: int, zone: str) -> None:
    first, last = instants_around(day, day)
    assert first <= instant_of(LocalDay(day), minutes=minutes, zone=zone) < last
