"""When an office is open: the hours of its queues as one, the week in runs, and the days that differ."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from desk.capacity.models import CapacityException, ExceptionKind, Holiday, Queue
from desk.capacity.opening_hours import merged, open_days
from desk.capacity.rows import OpenDay, Ranges, week_of
from desk.language.text import Localised
from desk.storage.base import WriteSession
from desk.values import LocalDay
from tests.makers import TODAY, make_office, make_queue, make_service
from tests.makers_areas import make_province
from tests.makers_hours import make_rule

FIRST = LocalDay(TODAY)
EIGHT, TEN, NOON, TWO, FOUR, SIX = (hour * 60 for hour in (8, 10, 12, 14, 16, 18))


def _hours(session: WriteSession, queue: Queue, *, service_id: int | None = None) -> dict[date, Ranges]:
    found = open_days(session, office_id=queue.office_id, service_id=service_id, first=FIRST)
    return {each.day.date: each.hours for each in found}


def _on(weekday: int) -> date:
    return next(day for n in range(7) if LocalDay(day := TODAY + timedelta(days=n)).weekday == weekday)


def test_where_no_rule_speaks_nothing_is_known(session: WriteSession) -> None:
    queue = make_queue(session)
    make_rule(session, queue=queue, valid_to=TODAY - timedelta(days=1))
    make_rule(session, queue=queue, valid_from=TODAY + timedelta(days=30))
    assert open_days(session, office_id=queue.office_id, service_id=None, first=FIRST) == []


def test_the_rules_in_force_on_each_day_decide(session: WriteSession) -> None:
    queue = make_queue(session)
    change = _on(3)
    for weekday in range(7):
        make_rule(session, queue=queue, weekday=weekday, valid_to=change - timedelta(days=1))
        make_rule(session, queue=queue, weekday=weekday, closes=NOON, valid_from=change)
    hours = _hours(session, queue)
    assert {day: closes for day, ((_opens, closes),) in hours.items()} == {
        day: NOON if day >= change else TWO for day in hours
    }


def test_queues_of_an_office_are_one_and_a_service_has_its_own(session: WriteSession) -> None:
    office, mine, other = make_office(session), make_service(session), make_service(session)
    early = make_queue(session, office=office, services=[mine])
    late = make_queue(session, office=office, services=[other])
    shut = make_queue(session, office=office, services=[mine], is_active=False)
    make_rule(session, queue=early, opens=EIGHT, closes=NOON)
    make_rule(session, queue=early, opens=FOUR, closes=SIX)
    make_rule(session, queue=late, opens=TEN, closes=TWO)
    make_rule(session, queue=shut, opens=0, closes=1440)
    saturday = _on(0)
    assert _hours(session, early)[saturday] == ((EIGHT, TWO), (FOUR, SIX))
    assert _hours(session, early, service_id=mine.id)[saturday] == ((EIGHT, NOON), (FOUR, SIX))
    assert _hours(session, early, service_id=other.id)[saturday] == ((TEN, TWO),)


def test_a_holiday_of_the_province_and_an_exception_change_their_day_alone(session: WriteSession) -> None:
    queue = make_queue(session)
    for weekday in range(7):
        make_rule(session, queue=queue, weekday=weekday)
    make_province(session, code="IR-23", name="تهران")
    off, foreign, short, back = (TODAY + timedelta(days=n) for n in range(1, 5))
    session.add_all(
        [
            Holiday(day=off, name=Localised({"fa": "الف"}), is_confirmed=True),
            Holiday(
                day=foreign,
                name=Localised({"fa": "ب"}),
                is_confirmed=True,
                province_code="IR-23",
                province_key="IR-23",
            ),
            CapacityException(queue_id=queue.id, day=short, kind=ExceptionKind.HOURS, hours=[[TEN, NOON, None, None]]),
            CapacityException(queue_id=queue.id, day=back, kind=ExceptionKind.CLOSED),
        ]
    )
    session.flush()
    found = open_days(session, office_id=queue.office_id, service_id=None, first=FIRST)
    assert {each.day.date: each.hours for each in found if each.differs} == {off: (), short: ((TEN, NOON),), back: ()}


@pytest.mark.parametrize(
    ("ranges", "whole"),
    [
        ([], ()),
        ([(TEN, NOON), (EIGHT, TEN)], ((EIGHT, NOON),)),
        ([(EIGHT, TWO), (TEN, NOON)], ((EIGHT, TWO),)),
        ([(FOUR, SIX), (EIGHT, NOON)], ((EIGHT, NOON), (FOUR, SIX))),
    ],
)
def test_hours_that_touch_are_one(ranges: list[tuple[int, int]], whole: Ranges) -> None:
    assert merged(ranges) == whole


def test_a_week_is_told_in_runs_of_days_with_the_same_hours() -> None:
    long, short = ((EIGHT, TWO),), ((EIGHT, NOON),)
    by_weekday = [long, long, short, long, long, short, ()]
    days = [LocalDay(TODAY + timedelta(days=n)) for n in range(7)]
    week = [OpenDay(day, usual=by_weekday[day.weekday], hours=()) for day in days]
    assert week_of(week) == [([(0, 1), (3, 4)], long), ([(2, 2), (5, 5)], short)]
