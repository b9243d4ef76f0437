"""The order in which people are called, the numbers they are called by, and the minutes that are expected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.line.rules import (
    LineRules,
    booked_number,
    counts_from,
    expected_minutes,
    in_order,
    minutes_a_call,
    quarter_of,
    service_minutes,
    since_priority,
    waiting_minutes,
    walk_in_number,
)

NINE = datetime(2026, 11, 21, 5, 30, tzinfo=UTC)
RULES = LineRules()


def after(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


@dataclass(frozen=True)
class Waits:
    """Somebody who waits; minutes after nine."""

    appointment_id: int
    came: float
    booked: float | None = None
    number: int = 0
    class_id: int | None = None
    sent: float | None = None

    @property
    def call_number(self) -> str:
        return str(self.number or self.appointment_id)

    @property
    def is_walk_in(self) -> bool:
        return self.booked is None

    @property
    def came_at(self) -> datetime:
        return after(self.came)

    @property
    def lines_up_at(self) -> datetime:
        return after(self.came if self.sent is None else self.sent)

    @property
    def quarter_at(self) -> datetime | None:
        if self.booked is None or self.sent is not None:
            return None
        return counts_from(after(self.booked), came_at=self.came_at, rules=RULES)


def order(*waiting: Waits, now: float, since: int | None = None, rules: LineRules = RULES) -> list[int]:
    found = in_order(waiting, now=after(now), rules=rules, since_priority=since)
    return [each.appointment_id for each in found]


def test_booked_people_come_by_their_quarter_and_then_by_when_they_came() -> None:
    first, second = Waits(1, came=9, booked=0), Waits(2, came=1, booked=14)
    later, early = Waits(3, came=0, booked=15), Waits(4, came=0, booked=45)
    assert order(first, second, later, early, now=20) == [2, 1, 3, 4]


def test_who_has_no_appointment_comes_after_them_by_number() -> None:
    walks = [Waits(1, came=2, number=2), Waits(2, came=1, number=1)]
    assert order(*walks, Waits(3, came=5, booked=0), now=6) == [3, 2, 1]


def test_a_smaller_number_is_before_a_larger_one_also_where_both_came_in_the_same_moment() -> None:
    assert order(Waits(1, came=1, number=8), Waits(2, came=1.1, number=7), now=2) == [2, 1]


def test_who_is_late_waits_among_those_without_an_appointment_by_when_they_came() -> None:
    late, in_time = Waits(1, came=21, booked=0), Waits(2, came=20, booked=0)
    assert (late.quarter_at, in_time.quarter_at) == (None, NINE)
    walks = [Waits(3, came=5, number=1), Waits(4, came=30, number=2)]
    assert order(late, in_time, *walks, now=31) == [2, 3, 1, 4]


def test_an_hour_of_waiting_counts_as_an_appointment_of_that_quarter() -> None:
    walk, booked_before, booked_then = Waits(1, came=0, number=1), Waits(2, came=50, booked=45), Waits(3, 61, booked=60)
    assert order(walk, booked_before, booked_then, now=59) == [2, 1, 3], "the third is early"
    assert order(walk, booked_before, booked_then, now=61) == [2, 1, 3]
    assert order(walk, Waits(4, came=61, booked=60), Waits(5, came=75, booked=75), now=80) == [1, 4, 5]


def test_who_came_before_their_quarter_is_called_where_nobody_else_waits() -> None:
    early, walk = Waits(1, came=0, booked=30), Waits(2, came=10, number=1)
    assert order(early, walk, now=14) == [2, 1]
    assert order(early, now=14) == [1]
    assert order(early, walk, now=30) == [1, 2]


def test_one_call_in_three_goes_to_a_priority_class_while_others_wait() -> None:
    first = [Waits(id, came=id, number=id, class_id=7) for id in (11, 12, 13)]
    others = [Waits(id, came=id - 20, number=id - 20) for id in (21, 22, 23)]
    assert order(*first, *others, now=50) == [11, 21, 22, 12, 23, 13]
    assert order(*first, *others, now=50, since=0) == [21, 22, 11, 23, 12, 13]
    assert order(*first, *others, now=50, since=1) == [21, 11, 22, 23, 12, 13]
    assert order(*first, *others, now=50, rules=LineRules(priority_every=1)) == [11, 12, 13, 21, 22, 23]


def test_who_was_sent_to_the_end_waits_behind_those_who_were_there_and_has_no_priority() -> None:
    sent = Waits(1, came=0, booked=0, class_id=7, sent=30)
    assert order(sent, Waits(2, came=29, number=2), Waits(3, came=31, number=3), now=35, since=0) == [2, 1, 3]


people = st.lists(
    st.builds(
        Waits,
        appointment_id=st.just(0),
        came=st.integers(0, 240),
        booked=st.none() | st.integers(0, 240),
        class_id=st.none() | st.just(1),
    ),
    max_size=12,
).map(
    lambda drawn: [
        Waits(id, each.came, each.booked, number=id, class_id=each.class_id)
        for id, each in enumerate(sorted(drawn, key=lambda one: one.came), 1)
    ]
)


@given(people, st.integers(0, 400), st.none() | st.integers(0, 5), st.integers(1, 5))
def test_the_order_has_everybody_once_and_keeps_what_it_promises(
    waiting: list[Waits], now: int, since: int | None, every: int
) -> None:
    rules = LineRules(priority_every=every)
    ordered = in_order(waiting, now=after(now), rules=rules, since_priority=since)
    assert sorted(each.appointment_id for each in ordered) == [each.appointment_id for each in waiting]
    place = {each.appointment_id: nth for nth, each in enumerate(ordered)}
    plain = [each for each in waiting if each.class_id is None]
    for one in plain:
        for other in plain:
            both_walk = one.quarter_at is None and other.quarter_at is None
            if both_walk and one.lines_up_at < other.lines_up_at:
                assert place[one.appointment_id] < place[other.appointment_id]
            if one.quarter_at and other.quarter_at and one.quarter_at < other.quarter_at <= after(now):
                assert place[one.appointment_id] < place[other.appointment_id]
    counted = -10 if since is None else -1 - since
    called_then = counted
    for nth, each in enumerate(ordered):
        others_wait = any(
            later.class_id is None and (later.quarter_at is None or later.quarter_at <= after(now))
            for later in ordered[nth:]
        )
        if each.class_id is not None:
            assert not others_wait or nth - called_then >= every
            called_then = nth


def test_the_share_counts_the_calls_since_the_last_one() -> None:
    assert since_priority([]) is None
    assert since_priority([(after(1), False)]) is None
    assert since_priority([(after(3), False), (after(1), False), (after(2), True)]) == 1


@pytest.mark.parametrize(("minute", "quarter"), [(0, 0), (14, 0), (15, 15), (44, 30), (59, 45)])
def test_a_time_counts_in_its_quarter_of_an_hour(minute: int, quarter: int) -> None:
    assert quarter_of(after(minute) + timedelta(seconds=59)) == after(quarter)


def test_the_number_is_the_end_of_the_code_as_on_the_door_list() -> None:
    codes = ["123456789", "123455789", "123450001"]
    assert booked_number("123456789", codes=codes, taken=()) == "6789"
    assert booked_number("123450001", codes=codes, taken=()) == "001"
    assert booked_number("123450001", codes=codes, taken={1}) == "50001", "1, 001 and 0001 sound the same"
    assert booked_number("999999999", codes=codes, taken=()) == "999", "booked since the list was made"


def test_numbers_without_an_appointment_skip_those_in_use() -> None:
    assert walk_in_number(0, taken=()) == 1
    assert walk_in_number(6, taken={7, 8, 10}) == 9


@given(st.sets(st.integers(0, 99999).map(lambda end: f"1234{end:05}"), min_size=1, max_size=40), st.integers(0, 50))
def test_no_two_of_a_day_are_called_by_the_same_number(codes: set[str], walks: int) -> None:
    every, taken = sorted(codes), set[int]()
    for code in every:
        number = int(booked_number(code, codes=every, taken=taken))
        assert number not in taken
        taken.add(number)
    last = 0
    for _ in range(walks):
        last = walk_in_number(last, taken=taken)
        assert last not in taken
        taken.add(last)


def test_minutes_are_counted_from_the_time_that_was_given() -> None:
    assert waiting_minutes(came_at=after(0), starts_at=after(10), called_at=after(25)) == 15
    assert waiting_minutes(came_at=after(12), starts_at=after(10), called_at=after(25)) == 13
    assert waiting_minutes(came_at=after(0), starts_at=None, called_at=after(25)) == 25
    assert waiting_minutes(came_at=after(0), starts_at=after(10), called_at=after(5)) == 0
    assert service_minutes(began_at=after(0), ended_at=after(7.9)) == 7


def test_the_pace_is_measured_from_a_few_calls_on_and_planned_before() -> None:
    assert minutes_a_call([after(1)], planned=7.5, now=after(60)) == 7.5
    assert minutes_a_call([after(1)], planned=None, now=after(60)) is None
    assert minutes_a_call([after(each) for each in (20, 30, 40, 50)], planned=7.5, now=after(60)) == 10
    assert minutes_a_call([after(each) for each in (0, 30, 40, 50)], planned=7.5, now=after(60)) == 7.5


def test_the_expected_minutes_are_rounded_up_and_never_before_the_own_quarter() -> None:
    assert expected_minutes(1, pace=7.5, quarter_at=None, now=after(0)) == 10
    assert expected_minutes(2, pace=7.5, quarter_at=None, now=after(0)) == 15
    assert expected_minutes(2, pace=None, quarter_at=None, now=after(0)) is None
    assert expected_minutes(1, pace=5, quarter_at=after(30), now=after(0)) == 30
