"""How many minutes a person needs, as the record of visits says it, and what it cannot say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from backoffice.worksheets.saying import said_record
from desk.appointments.models import Appointment
from desk.line.models import LineEntry
from desk.line.rules import EntryState
from desk.storage.base import WriteSession
from desk.visits.models import Visit
from desk.worksheets.queries import measured
from desk.worksheets.rules import (
    FEWEST_DAYS,
    FEWEST_VISITS,
    MOST_DAYS_BACK,
    Measured,
    at_most,
    minutes_stated,
    with_minutes,
)
from tests.domain.tries_of_line import put_in_line
from tests.makers import TODAY, make_queue
from tests.makers_changes import Town
from tests.makers_worksheets import NINE, a_week, make_visits

SEVEN = (8, 8, 10, 10, 10, 12, 30)
DAYS = [TODAY - timedelta(days=n) for n in range(1, 6)]


def said(session: WriteSession, town: Town) -> Measured:
    return measured(session, office_id=town.office.id, zone=town.office.zone, queue_ids=[town.queue.id], today=TODAY)[
        town.queue.id
    ]


def visits(session: WriteSession, town: Town, days: list[date], **how: object) -> None:
    for day in days:
        make_visits(
            session,
            queue=town.queue,
            service=town.service,
            day=day,
            **{"minutes": SEVEN, **how},  # type: ignore[arg-type]  # of its own
        )


@pytest.mark.requirement("000-13", "M")
def test_what_was_served_is_the_time_from_one_person_to_the_next_at_a_counter(session: WriteSession) -> None:
    town = Town(session)
    visits(session, town, DAYS)
    found = said(session, town)
    assert (found.visits, found.days, found.counters) == (35, 5, 1)
    assert (found.median, found.most) == (10, 12)
    assert found.left_out == 5  # the first of each day, before whom nobody was done


def test_two_counters_are_measured_each_by_itself(session: WriteSession) -> None:
    town = Town(session)
    visits(session, town, DAYS)
    visits(session, town, DAYS, staff_id=6, first=NINE + 4)
    found = said(session, town)
    assert (found.visits, found.counters, found.median, found.most) == (70, 2, 10, 12)


@pytest.mark.requirement("000-13", "M")
@pytest.mark.parametrize("days", [FEWEST_DAYS - 1, FEWEST_DAYS])
def test_where_too_few_are_known_no_figure_is_invented(session: WriteSession, days: int) -> None:
    town = Town(session)
    visits(session, town, DAYS[:days], minutes=(10,) * FEWEST_VISITS)
    found = said(session, town)
    assert found.visits == days * FEWEST_VISITS
    assert (found.is_enough, found.median, found.most) == (
        (True, 10, 10) if days == FEWEST_DAYS else (False, None, None)
    )


def test_few_people_on_many_days_are_too_few(session: WriteSession) -> None:
    town = Town(session)
    visits(session, town, DAYS, minutes=(10,) * (FEWEST_VISITS // len(DAYS) - 1))
    assert (said(session, town).median, said(session, town).visits) == (None, 25)


def test_where_nobody_came_nothing_is_known(session: WriteSession) -> None:
    town = Town(session)
    assert said(session, town) == Measured(visits=0, days=0, left_out=0, counters=None, median=None, most=None)


@pytest.mark.parametrize("minutes", [(0,) * 40, (150,) * 3], ids=["pressed all at once", "with a break between"])
def test_what_was_not_recorded_as_it_happened_says_nothing(session: WriteSession, minutes: tuple[int, ...]) -> None:
    town = Town(session)
    visits(session, town, DAYS, minutes=minutes)
    found = said(session, town)
    assert (found.visits, found.left_out, found.most) == (0, 5 * (len(minutes) + 1), None)


def test_what_was_entered_on_another_day_and_what_is_long_ago_is_not_asked(session: WriteSession) -> None:
    town = Town(session)
    visits(session, town, DAYS, late_by=1)
    visits(session, town, [TODAY - timedelta(days=MOST_DAYS_BACK + n) for n in range(1, 6)])
    assert said(session, town) == Measured(visits=0, days=0, left_out=0, counters=None, median=None, most=None)


def test_a_clerk_of_two_queues_has_one_counter(session: WriteSession) -> None:
    """Between two people of this queue somebody of the other one was served, whose minutes are not theirs."""
    town = Town(session)
    other = make_queue(session, office=town.office, services=[town.service])
    visits(session, town, DAYS, minutes=(20,) * 7)
    for day in DAYS:
        make_visits(session, queue=other, service=town.service, day=day, minutes=(20,) * 7, first=NINE + 12)
    assert (said(session, town).median, said(session, town).most) == (8, 8)


def test_who_came_when_nobody_was_served_begins_on_arrival(session: WriteSession) -> None:
    town = Town(session)
    visits(session, town, DAYS, minutes=(30,) * 7, waits=False)
    assert said(session, town).median == 30


@pytest.mark.parametrize(("part", "found"), [(50, 3), (80, 4), (100, 5), (1, 1)])
def test_so_many_of_a_hundred_do_not_exceed_it(part: int, found: int) -> None:
    assert at_most([1, 2, 3, 4, 5], part=part) == found


def test_a_week_with_other_minutes_keeps_its_hours_and_counters() -> None:
    assert with_minutes(a_week(), minutes=20) == a_week(minutes=20)
    assert with_minutes(a_week(), minutes=480) == a_week(minutes=360)
    assert minutes_stated(a_week(minutes=20)) == (20,)


def test_what_the_line_recorded_counts_before_what_is_worked_out(session: WriteSession) -> None:
    """Each is called two hours and ten minutes after they came, which was for a time of a minute before that call."""
    town = Town(session)
    visits(session, town, DAYS)
    for visit in session.scalars(select(Visit)):
        appointment = session.get_one(Appointment, visit.appointment_id)
        assert visit.outcome_at is not None
        began_at = visit.outcome_at - timedelta(minutes=4)
        put_in_line(
            session,
            appointment=appointment,
            call_number=appointment.code,
            state=EntryState.DONE,
            done_from=EntryState.IN_SERVICE,
            came_at=began_at - timedelta(minutes=130),
            first_called_at=began_at - timedelta(minutes=1),
            called_at=began_at,
            calls=2,
            began_at=began_at,
            is_walk_in=appointment.id % 5 == 0,
        )
    found = said(session, town)
    assert (found.visits, found.left_out) == (40, 0), "the first of a day says how long it took, too"
    assert (found.median, found.most) == (4, 4)
    assert found.waited == (0, 0), "a time that was given is not waited for"
    session.execute(update(LineEntry).values(is_walk_in=True))
    assert said(session, town).waited == (129, 129)
    assert [line.id for line in said_record(said(session, town))].count(
        "Half of the people waited {half} at most, four of five {most}."
    ) == 1
