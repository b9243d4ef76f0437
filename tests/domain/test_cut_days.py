"""What is left of a day of which hours or counters close, and what more counters and hours make of it."""

from __future__ import annotations

from desk.capacity.cutting import CutKind, DayCut, DayRange, cut

MORNING = DayRange(8 * 60, 12 * 60, 2, 15)


def test_an_hour_that_closes_leaves_the_starts_beside_it_at_their_minute() -> None:
    by = DayCut(kind=CutKind.CLOSE, opens=9 * 60 + 10, closes=10 * 60 + 5)
    assert cut([MORNING], by) == [DayRange(480, 540, 2, 15), DayRange(615, 720, 2, 15)]


def test_a_counter_that_closes_leaves_the_others() -> None:
    by = DayCut(kind=CutKind.CLOSE, counters=1)
    assert cut([MORNING], by) == [MORNING._replace(counters=1)]
    assert cut([MORNING], DayCut(kind=CutKind.CLOSE, counters=2)) == []


def test_hours_beside_a_range_leave_it_alone() -> None:
    assert cut([MORNING], DayCut(kind=CutKind.CLOSE, opens=720, closes=780)) == [MORNING]


def test_more_counters_open_within_some_hours_and_never_before_them() -> None:
    by = DayCut(kind=CutKind.OPEN, opens=595, closes=667, counters=3)
    assert cut([MORNING], by) == [
        DayRange(480, 600, 2, 15),
        DayRange(600, 660, 5, 15),
        DayRange(660, 720, 2, 15),
    ]


def test_hours_that_the_day_has_not_are_opened() -> None:
    by = DayCut(kind=CutKind.OPEN, opens=11 * 60, closes=14 * 60, counters=1)
    assert cut([MORNING], by) == [
        DayRange(480, 660, 2, 15),
        DayRange(660, 720, 3, 15),
        DayRange(720, 840, 1, 15),
    ]


def test_a_closed_day_opens_with_the_usual_minutes() -> None:
    by = DayCut(kind=CutKind.OPEN, opens=480, closes=600, counters=2)
    assert cut([], by, usual_minutes=20) == [DayRange(480, 600, 2, 20)]
    assert cut([], by) == []
    assert cut([], DayCut(kind=CutKind.OPEN, counters=2), usual_minutes=20) == []
