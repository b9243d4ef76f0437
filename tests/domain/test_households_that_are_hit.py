"""A household whose day is closed is proposed one other day, where there are places for all of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from desk.appointments.models import Household
from desk.capacity.models import Slot
from desk.consequences.actions import carry_on
from desk.storage.base import WriteSession
from tests.makers import NOW, make_office, make_queue, make_slot
from tests.makers_changes import SUNDAY, Town, appointment_of, made

SATURDAY = SUNDAY + timedelta(days=6)
AFTER = SUNDAY + timedelta(days=7)


@pytest.fixture
def town(session: WriteSession) -> Town:
    return Town(session)


def family(town: Town, number: int) -> list[int]:
    """People with appointments on Sunday who were booked by one request in one chat."""
    ids = town.people(number)
    household = Household(people=number, made_at=NOW)
    town.session.add(household)
    town.session.flush()
    chat = appointment_of(town.session, ids[0]).conversation_id
    for id in ids:
        row = appointment_of(town.session, id)
        row.household_id, row.conversation_id = household.id, chat
    town.session.flush()
    return ids


def leave(town: Town, day: date, *, places: int) -> None:
    """Only so many places are left on the day, one in each slot from the first on."""
    of_day = select(Slot.id).where(Slot.queue_id == town.queue.id, Slot.day == day).order_by(Slot.starts_at)
    ids = town.session.scalars(of_day).all()
    shut = update(Slot).where(Slot.id.in_(ids[places:]))
    town.session.execute(shut.values(remaining=0, capacity=0, planned=0, is_open=False))
    left = update(Slot).where(Slot.id.in_(ids[:places]))
    town.session.execute(left.values(remaining=1, capacity=1, planned=1))
    town.session.expire_all()


def close(town: Town) -> None:
    made(town.session, town.close())
    carry_on(town.session, now=NOW)


def days_of(town: Town, ids: list[int]) -> list[date]:
    return [appointment_of(town.session, id).day for id in ids]


def test_all_of_them_go_to_the_first_day_on_which_they_fit(town: Town) -> None:
    ids = family(town, 3)
    leave(town, SATURDAY, places=2)
    close(town)

    assert days_of(town, ids) == [AFTER] * 3


def test_they_stay_together_where_the_first_day_has_room(town: Town) -> None:
    ids = family(town, 3)
    leave(town, SATURDAY, places=3)
    close(town)

    assert days_of(town, ids) == [SATURDAY] * 3
    starts = [appointment_of(town.session, id).starts_at for id in ids]
    assert max(starts) - min(starts) == timedelta(minutes=30), "one after the other"


def test_people_of_their_own_go_where_the_first_place_is(town: Town) -> None:
    ids = town.people(3)
    leave(town, SATURDAY, places=2)
    close(town)

    assert days_of(town, ids) == [SATURDAY, SATURDAY, AFTER]


def test_who_does_not_fit_is_moved_all_the_same(town: Town) -> None:
    ids = family(town, 3)
    later = town.session.scalars(select(Slot.day).where(Slot.day > SUNDAY).distinct()).all()
    for day in later:
        leave(town, day, places=1)
    close(town)

    assert len(set(days_of(town, ids))) == 3
    assert SUNDAY not in days_of(town, ids)


def test_at_another_office_they_follow_the_first(town: Town) -> None:
    ids = family(town, 2)
    for day in town.session.scalars(select(Slot.day).where(Slot.day > SUNDAY).distinct()).all():
        leave(town, day, places=0)
    other = make_queue(town.session, office=make_office(town.session), services=[town.service])
    lone = make_slot(town.session, queue=other, starts_at=appointment_of(town.session, ids[0]).starts_at + timedelta(1))
    make_slot(town.session, queue=other, starts_at=lone.starts_at + timedelta(minutes=15))
    third = make_queue(town.session, office=make_office(town.session), services=[town.service])
    make_slot(town.session, queue=third, starts_at=lone.starts_at + timedelta(minutes=5))
    close(town)

    assert {appointment_of(town.session, id).office_id for id in ids} == {other.office_id}
