"""Hours written as rows with days: where they differ from what stands, each stretch of days becomes one week."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.capacity.dated_weeks import OtherWeek, meeting, other_weeks
from desk.capacity.models import OpeningRule, Queue
from desk.capacity.queries import rules_of
from desk.capacity.rows import RuleRow
from desk.capacity.rules import Doubt
from desk.capacity.saving_weeks import set_week
from desk.capacity.weeks import DAYS_OF_A_WEEK, Week, week_on
from desk.storage.base import WriteSession
from tests.makers import NOW, TODAY, acting, make_queue

A_DAY = timedelta(days=1)
LONG_AGO = date(2026, 3, 21)


def row(
    weekday: int,
    opens: int = 8,
    closes: int = 12,
    *,
    first: date = LONG_AGO,
    last: date | None = None,
    counters: int = 1,
    number: int = 0,
) -> RuleRow:
    """Hours of whole hours, a quarter of an hour for each person."""
    return RuleRow(number, 7, weekday, opens * 60, closes * 60, 15, counters, first, last)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def test_the_rows_that_stand_change_nothing() -> None:
    rows = [row(0), row(1, last=day(20)), row(1, first=day(21), closes=14), row(2, first=day(-40), last=day(-20))]

    assert other_weeks(rows, rows, today=TODAY) == []


def test_a_row_of_the_past_holds_from_today_on() -> None:
    standing, written = [row(0), row(1)], [row(0, closes=14), row(1)]

    assert other_weeks(standing, written, today=TODAY) == [
        OtherWeek(TODAY, None, week_on(standing, day=TODAY), week_on(written, day=TODAY))
    ]


def test_until_the_first_day_of_its_rows_a_weekday_is_as_before() -> None:
    standing = [row(0), row(1)]
    written = [row(0, closes=14, first=day(10)), row(1)]

    [other] = other_weeks(standing, written, today=TODAY)

    assert (other.first, other.last) == (day(10), None)
    assert other.before == week_on(standing, day=TODAY)
    assert [len(hours) for hours in other.after.days[:2]] == [1, 1]


def test_a_weekday_without_a_row_closes_on_the_first_day_of_any_row() -> None:
    [other] = other_weeks([row(0), row(1)], [row(0, first=day(5))], today=TODAY)

    assert (other.first, other.after.days[1]) == (day(5), ())
    assert other.after.days[0] == other.before.days[0]


def test_a_change_between_two_days_ends_with_them() -> None:
    written = [row(0, last=day(9)), row(0, closes=10, first=day(10), last=day(19)), row(0, first=day(20))]

    [other] = other_weeks([row(0)], written, today=TODAY)

    assert (other.first, other.last) == (day(10), day(19))


def test_only_what_changes_is_doubted() -> None:
    wild = row(1, 8, 12, counters=90)

    [other] = other_weeks([row(0), wild], [row(0, closes=14), wild], today=TODAY)
    [new] = other_weeks([row(0)], [row(0), wild], today=TODAY)

    assert other.doubts == {}
    assert Doubt.COUNTERS in {doubt for each in new.doubts.values() for doubt in each}


def test_rows_meet_where_both_their_hours_and_their_days_overlap() -> None:
    one = row(0, 8, 12, last=day(9), number=2)
    beside = [row(0, 12, 14, number=3), row(1, 8, 12, number=4), row(0, 8, 12, first=day(10), number=5)]
    over = row(0, 11, 13, first=day(9), last=day(9), number=6)

    assert meeting([one, *beside]) == meeting([*reversed(beside), one]) == []
    assert [(first.id, second.id) for first, second in meeting([one, over])] == [(2, 6)]


DAYS = st.integers(-3, 12).map(day)


@st.composite
def plans(draw: st.DrawFn) -> list[RuleRow]:
    """Rules of two weekdays that follow one another without meeting."""
    found = []
    for weekday in (0, 1):
        cuts = sorted(draw(st.sets(st.integers(-3, 12), max_size=4)))
        for first, following in zip(cuts, [*cuts[1:], None], strict=False):
            if draw(st.booleans()):
                last = None if following is None and draw(st.booleans()) else day((following or first + 3) - 1)
                closes = draw(st.sampled_from([10, 11]))
                found.append(row(weekday, 8, closes, first=day(first), last=last))
    return found


@given(standing=plans(), written=plans())
def test_on_every_day_one_week_of_the_list_holds_or_nothing_changes(
    standing: list[RuleRow], written: list[RuleRow]
) -> None:
    weeks = other_weeks(standing, written, today=TODAY)

    for number in range(20):
        here = day(number)
        other = [each for each in weeks if each.first <= here and (each.last is None or here <= each.last)]
        assert len(other) <= 1
        becomes = other[0].after if other else week_on(standing, day=here)
        assert becomes == wanted(standing, written, here)
        if other:
            assert not any(other[0].first < rule.valid_from <= here for rule in standing)


def wanted(standing: list[RuleRow], written: list[RuleRow], here: date) -> Week:
    """The week of one day, weekday by weekday."""
    first_of_all = min((each.valid_from for each in written), default=TODAY)
    days = []
    for weekday in range(DAYS_OF_A_WEEK):
        first = min((each.valid_from for each in written if each.weekday == weekday), default=first_of_all)
        days.append(week_on(written if first <= here else standing, day=here).days[weekday])
    return Week(tuple(days))


@pytest.mark.parametrize(
    ("before", "written"),
    [
        ([row(0), row(1)], [row(0, closes=14, first=day(3), last=day(6)), row(0, first=day(7)), row(1)]),
        ([row(0, last=day(8)), row(0, first=day(9), closes=15)], [row(0, closes=10)]),
        ([row(0), row(2, first=day(4))], [row(0, first=day(2)), row(2, 9, 11, first=day(6), last=day(30))]),
    ],
)
def test_setting_these_weeks_one_after_the_other_gives_the_written_hours(
    session: WriteSession, before: list[RuleRow], written: list[RuleRow]
) -> None:
    queue: Queue = make_queue(session)
    for each in before:
        values = {name: getattr(each, name) for name in RuleRow.__dataclass_fields__ if name not in {"id", "queue_id"}}
        session.add(OpeningRule(queue_id=queue.id, **values))
    session.flush()
    standing = rules_of(session, queue_id=queue.id)

    for other in other_weeks(standing, written, today=TODAY):
        set_week(
            session,
            queue_ids=[queue.id],
            week=other.after,
            from_day=other.first,
            to_day=other.last,
            goes_back=True,
            actor=acting(5),
            now=NOW,
        )

    after = rules_of(session, queue_id=queue.id)
    for number in range(40):
        assert week_on(after, day=day(number)) == wanted(list(standing), written, day(number)), number
    assert other_weeks(after, written, today=TODAY) == []
