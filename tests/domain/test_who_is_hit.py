"""Which appointments each kind of change affects; finding them changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from desk.capacity.actions import (
    clear_exception,
    roll_window,
    save_holiday,
    save_queue,
    set_exception,
)
from desk.capacity.models import CapacityException, ExceptionKind, Holiday, OpeningRule, Slot
from desk.capacity.rules import DayHours
from desk.catalogue.models import Service
from desk.consequences import queries
from desk.consequences.actions import (
    Carried,
    IntendedChange,
    carry_out,
)
from desk.consequences.hit import Reach
from desk.consequences.models import Change
from desk.consequences.rules import ChangeKind, Remedy
from desk.language.text import Localised
from desk.offices.models import Office
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.makers import (
    NOW,
    TODAY,
    make_service,
)
from tests.makers_changes import STAFF, SUNDAY, Town, appointment_of, hit_by, made
from tests.makers_hours import take_rule_away
from tests.stories import Story, stories_of, tell


def test_a_closed_day_saves_nothing_before_somebody_decides(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(6)
    assert hit_by(session, town.close()) == people
    assert session.scalar(select(CapacityException.id)) is None
    assert session.scalar(select(Change.id)) is None


def test_where_nobody_is_hit_the_change_is_made_at_once(session: WriteSession) -> None:
    town = Town(session)
    assert carry_out(session, intended=town.close(), answer=None, **STAFF) == Carried(None, None)
    assert session.scalar(select(CapacityException.day)) == SUNDAY
    assert session.scalar(select(Change.id)) is None


def test_hours_cut_over_ten_people_hit_those_outside(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(10)

    def act(session: WriteSession) -> None:
        set_exception(
            session,
            queue_id=town.queue.id,
            day=SUNDAY,
            kind=ExceptionKind.HOURS,
            hours=[DayHours(9 * 60, 12 * 60)],
            **STAFF,
        )

    assert (
        hit_by(session, town.intended(ChangeKind.DAY, act)) == people[:8]
    )  # 8:00 to 8:45; the two at 9:00 keep their time


def test_a_rule_with_a_later_start_hits_four(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(6)
    assert hit_by(session, town.intended(ChangeKind.RULE, town.with_rule(opens=8 * 60 + 30))) == people[:4]


def test_a_rule_taken_out_hits_everybody_of_its_weekday(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(4)
    town.people(2, day=TODAY + timedelta(days=7))

    def act(session: WriteSession) -> None:
        take_rule_away(session, rule_id=town.rules[1].id, now=NOW)
        roll_window(session, queue_id=town.queue.id, today=TODAY, now=NOW)

    assert hit_by(session, town.intended(ChangeKind.RULE, act)) == people


def test_fewer_counters_hit_those_who_booked_last(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(6)
    hit = hit_by(session, town.intended(ChangeKind.RULE, town.with_rule(counters=1)))
    assert hit == [people[1], people[3], people[5]]


def test_longer_visits_hit_only_the_starts_that_are_gone(session: WriteSession) -> None:
    """Those at 8:00 sit beside those of 8:15, who lost their start; once these have moved, 8:00 fits the rule."""
    town = Town(session)
    people = town.people(4)
    assert hit_by(session, town.intended(ChangeKind.RULE, town.with_rule(minutes_per_person=20))) == people[2:]


def test_a_queue_switched_off_hits_its_people(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(3)

    def act(session: WriteSession) -> None:
        save_queue(
            session,
            queue_id=town.queue.id,
            office_id=town.office.id,
            name=Localised({"fa": "باجه"}),
            service_ids=[town.service.id],
            is_active=False,
            **STAFF,
        )
        roll_window(session, queue_id=town.queue.id, today=TODAY, now=NOW)

    assert hit_by(session, town.intended(ChangeKind.QUEUE, act)) == people


def test_a_service_that_the_queue_no_longer_offers_hits_its_people_only(session: WriteSession) -> None:
    town = Town(session)
    other = make_service(session)

    def offer(*services: Service) -> Callable[[WriteSession], int]:
        return lambda session: save_queue(
            session,
            queue_id=town.queue.id,
            office_id=town.office.id,
            name=Localised({"fa": "باجه"}),
            service_ids=[each.id for each in services],
            **STAFF,
        )

    offer(town.service, other)(session)
    people = town.people(2)
    town.service, kept = other, town.service
    town.people(2, first=9 * 60)
    assert hit_by(session, town.intended(ChangeKind.QUEUE, offer(other))) == people
    assert kept.id != other.id


@pytest.mark.requirement("000-06", "M")
def test_an_office_switched_off_hits_its_people_and_not_the_neighbour(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(3)
    Town(session, service=town.service).people(2)

    def act(session: WriteSession) -> None:
        session.execute(update(Office).where(Office.id == town.office.id).values(is_active=False))

    assert hit_by(session, town.intended(ChangeKind.OFFICE, act, office_id=town.office.id)) == people


@pytest.mark.parametrize("off", ["is_bookable", "is_published"])
def test_a_service_out_of_use_hits_its_people_everywhere(session: WriteSession, off: str) -> None:
    town = Town(session)
    people = town.people(2) + Town(session, service=town.service, province_code="IR-23").people(1)
    Town(session).people(1)

    def act(session: WriteSession) -> None:
        session.execute(update(Service).where(Service.id == town.service.id).values({off: False}))

    assert sorted(hit_by(session, town.intended(ChangeKind.SERVICE, act, service_id=town.service.id))) == people


def _holiday(town: Town, province_code: str | None = None) -> IntendedChange[Any]:
    def act(session: WriteSession) -> None:
        save_holiday(
            session,
            day=SUNDAY,
            name=Localised({"fa": "تعطیل آزمون"}),
            is_confirmed=True,
            province_code=province_code,
            **STAFF,
        )

    return IntendedChange(
        kind=ChangeKind.HOLIDAY,
        subject=f"holiday:{SUNDAY.isoformat()}",
        reach=Reach(day=SUNDAY, province_code=province_code),
        act=act,
        detail={"day": SUNDAY.isoformat()},
    )


def test_a_national_holiday_hits_six_people_at_two_offices(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(4) + Town(session, service=town.service, province_code="IR-23").people(2)
    town.people(2, day=SUNDAY + timedelta(days=6))
    assert sorted(hit_by(session, _holiday(town))) == people
    assert session.scalar(select(Holiday.id)) is None

    done = made(session, _holiday(town))
    assert done.change_id is not None
    assert {appointment_of(session, id).day for id in people} == {SUNDAY + timedelta(days=6)}
    numbers = {row.office_id: row.total for row in queries.tallies(session, change_id=done.change_id)}
    assert sorted(numbers.values()) == [2, 4]
    assert verify(session) == []


def test_a_provincial_holiday_hits_only_its_province(session: WriteSession) -> None:
    town = Town(session)
    there = Town(session, service=town.service, province_code="IR-23").people(2)
    town.people(2)
    assert hit_by(session, _holiday(town, "IR-23")) == there


def test_whoever_was_kept_before_is_asked_for_again_only_when_the_day_closes(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(2)
    late = town.with_rule(opens=9 * 60)
    made(session, town.intended(ChangeKind.RULE, late), remedy=Remedy.KEEP)
    assert hit_by(session, town.intended(ChangeKind.RULE, town.with_rule(opens=9 * 60, counters=3))) == []
    assert hit_by(session, town.close()) == people


def test_as_usual_again_hits_those_who_booked_in_longer_hours(session: WriteSession) -> None:
    town = Town(session)
    set_exception(
        session, queue_id=town.queue.id, day=SUNDAY, kind=ExceptionKind.HOURS, hours=[DayHours(480, 960)], **STAFF
    )
    people = town.people(2, first=15 * 60)

    def act(session: WriteSession) -> None:
        clear_exception(session, queue_id=town.queue.id, day=SUNDAY, **STAFF)

    assert hit_by(session, town.intended(ChangeKind.DAY, act)) == people


def test_the_rule_of_a_weekday_is_the_one_that_was_made(session: WriteSession) -> None:
    """The preview leaves nothing behind, whatever the change was."""
    town = Town(session)
    town.people(2)
    rules = list(session.scalars(select(OpeningRule.opens)))
    slots = list(session.scalars(select(Slot.planned).order_by(Slot.id)))
    hit_by(session, town.intended(ChangeKind.RULE, town.with_rule(opens=10 * 60)))
    assert list(session.scalars(select(OpeningRule.opens))) == rules
    assert list(session.scalars(select(Slot.planned).order_by(Slot.id))) == slots


STORIES = stories_of(globals())


@pytest.mark.postgres
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_the_same_on_postgresql(storage: Storage, story: Story) -> None:
    await tell(story, storage)
