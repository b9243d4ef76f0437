"""Places that the plan opens are announced as those that somebody gave back: by queue, office and day, on commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from desk.acting import SYSTEM
from desk.appointments.actions import cancel_by_office
from desk.capacity.actions import (
    clear_exception,
    delete_holiday,
    roll_window,
    save_holiday,
    save_queue,
    set_exception,
    set_hours,
)
from desk.capacity.freed import PLACES
from desk.capacity.jobs import roll
from desk.capacity.models import ExceptionKind, Holiday, Queue, Slot
from desk.capacity.planned_hours import Hours
from desk.capacity.rules import WINDOW_DAYS
from desk.language.text import Localised
from desk.offices.actions import save_office
from desk.offices.models import Office
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.storage.signals import ChangedRow
from tests.makers import NOW, TODAY, at, make_appointment, make_queue, make_service, make_slot
from tests.makers_hours import make_rule

SATURDAY = TODAY + timedelta(days=7 - (TODAY.weekday() + 2) % 7)
"""The next day on which the queue is open."""
SATURDAYS = frozenset(SATURDAY + timedelta(days=7 * n) for n in range(WINDOW_DAYS) if 7 * n < WINDOW_DAYS - 7)
TEXT = Localised({"fa": "تعطیل"})


@dataclass(frozen=True)
class Ids:
    queue: int
    office: int
    service: int


def build(session: WriteSession) -> Ids:
    """A queue that is open on Saturdays, with its places made."""
    service = make_service(session)
    queue = make_queue(session, services=[service])
    make_rule(session, queue=queue)
    roll_window(session, queue_id=queue.id, today=TODAY, now=NOW)
    return Ids(queue.id, queue.office_id, service.id)


def close_the_day(session: WriteSession, ids: Ids) -> None:
    set_exception(session, queue_id=ids.queue, day=SATURDAY, kind=ExceptionKind.CLOSED, actor=SYSTEM, now=NOW)


def open_it_again(session: WriteSession, ids: Ids) -> None:
    clear_exception(session, queue_id=ids.queue, day=SATURDAY, actor=SYSTEM, now=NOW)


def counters(session: WriteSession, ids: Ids, *, number: int, day: date = SATURDAY) -> None:
    hours = ExceptionKind.HOURS
    set_exception(session, queue_id=ids.queue, day=day, kind=hours, counters=number, actor=SYSTEM, now=NOW)


def open_a_monday(session: WriteSession, ids: Ids) -> None:
    hours = Hours(opens=480, closes=600, minutes_per_person=15, counters=1)
    set_hours(
        session,
        queue_id=ids.queue,
        weekdays=[2],
        hours=hours,
        from_day=SATURDAY,
        to_day=SATURDAY + timedelta(days=6),
        actor=SYSTEM,
        now=NOW,
    )


def make_holiday(session: WriteSession, ids: Ids) -> None:
    save_holiday(session, day=SATURDAY, name=TEXT, is_confirmed=True, actor=SYSTEM, now=NOW)


def take_it_out(session: WriteSession, ids: Ids) -> None:
    holiday = session.scalars(select(Holiday)).one()
    delete_holiday(session, holiday_id=holiday.id, actor=SYSTEM, now=NOW)


def switch(session: WriteSession, ids: Ids, *, on: bool) -> None:
    name = session.get_one(Queue, ids.queue).name
    save_queue(
        session,
        queue_id=ids.queue,
        office_id=ids.office,
        name=name,
        service_ids=[ids.service],
        is_active=on,
        actor=SYSTEM,
        now=NOW,
    )


def use_the_office(session: WriteSession, ids: Ids, *, on: bool) -> None:
    office = session.get_one(Office, ids.office)
    save_office(
        session,
        office_id=office.id,
        code=office.code,
        kind=office.kind,
        province_code=office.province_code,
        city=office.city,
        name=office.name,
        is_active=on,
        actor=SYSTEM,
        now=NOW,
    )


def a_week_later(session: WriteSession, ids: Ids) -> None:
    later: datetime = NOW + timedelta(days=7)
    roll(session, id=ids.queue, now=later)


def give_another_service(session: WriteSession, ids: Ids) -> None:
    other = make_service(session)
    name = session.get_one(Queue, ids.queue).name
    services = [ids.service, other.id]
    save_queue(
        session, queue_id=ids.queue, office_id=ids.office, name=name, service_ids=services, actor=SYSTEM, now=NOW
    )


def nothing(session: WriteSession, ids: Ids) -> None:
    """What comes before, where nothing has to."""


Act = Callable[[WriteSession, Ids], None]

OPENS: dict[str, tuple[Act, Act, frozenset[date | None]]] = {
    "a closed day is opened again": (close_the_day, open_it_again, frozenset({SATURDAY})),
    "a day gets more counters": (nothing, lambda s, ids: counters(s, ids, number=3), frozenset({SATURDAY})),
    "a day gets hours of its own": (nothing, open_a_monday, frozenset({SATURDAY + timedelta(days=2)})),
    "a holiday is taken out": (make_holiday, take_it_out, frozenset({SATURDAY})),
    "a day comes within the window": (nothing, a_week_later, frozenset()),
    "another service is given there": (nothing, give_another_service, frozenset({None})),
}
"""What comes before, what opens places, and the days of which is told."""

QUIET: dict[str, Act] = {
    "a day is closed": close_the_day,
    "a day gets fewer counters": lambda s, ids: counters(s, ids, number=1),
    "a day gets as many counters as it had": lambda s, ids: counters(s, ids, number=2),
    "a holiday is entered": make_holiday,
    "the queue is put out of use": lambda s, ids: switch(s, ids, on=False),
    "the queue is saved as it is": lambda s, ids: switch(s, ids, on=True),
}


async def freed(storage: Storage, ids: Ids, act: Act) -> set[date | None]:
    """The days of the queue of which is told when this is committed."""
    told: set[ChangedRow] = set()
    storage.signals.subscribe(told.update)
    await storage.write(act, ids)
    places = {each for each in told if each.subject == PLACES}
    assert {(each.id, each.office_id) for each in places} <= {(ids.queue, ids.office)}
    return {each.day for each in places}


@pytest.mark.parametrize("way", OPENS)
async def test_places_that_the_plan_opens_are_announced(storage: Storage, way: str) -> None:
    before, act, days = OPENS[way]
    ids = await storage.write(build)
    await storage.write(before, ids)
    told = await freed(storage, ids, act)
    if way == "a day comes within the window":
        # Those that were made before are not told again.
        assert told
        assert all(day is not None and day >= TODAY + timedelta(days=WINDOW_DAYS) for day in told)
    else:
        assert told == days


@pytest.mark.parametrize("switched", [switch, use_the_office], ids=["queue", "office"])
async def test_what_is_put_back_in_use_opens_all_its_days(storage: Storage, switched: Callable[..., None]) -> None:
    ids = await storage.write(build)
    assert await freed(storage, ids, lambda s, its: switched(s, its, on=False)) == set()
    told = await freed(storage, ids, lambda s, its: switched(s, its, on=True))
    assert told >= SATURDAYS


@pytest.mark.parametrize("way", QUIET)
async def test_where_the_plan_opens_nothing_nothing_is_told(storage: Storage, way: str) -> None:
    ids = await storage.write(build)
    assert await freed(storage, ids, QUIET[way]) == set()


async def test_more_counters_for_those_who_are_there_already_free_nothing(storage: Storage) -> None:
    """Three people sit at one counter, since the plan was cut; a second one is theirs."""

    def crowd(session: WriteSession) -> Ids:
        service = make_service(session)
        queue = make_queue(session, services=[service])
        make_rule(session, queue=queue, counters=3)
        roll_window(session, queue_id=queue.id, today=TODAY, now=NOW)
        ids = Ids(queue.id, queue.office_id, service.id)
        slots = select(Slot).where(Slot.queue_id == queue.id, Slot.day == SATURDAY)
        for slot in session.scalars(slots):
            slot.remaining, slot.is_open = 0, False
        session.flush()
        counters(session, ids, number=1)
        return ids

    ids = await storage.write(crowd)
    assert await freed(storage, ids, lambda s, its: counters(s, its, number=2)) == set()
    assert await freed(storage, ids, lambda s, its: counters(s, its, number=4)) == {SATURDAY}


async def test_a_cancelled_appointment_is_told_in_the_same_way(storage: Storage) -> None:
    def booked(session: WriteSession) -> tuple[Ids, int]:
        ids = build(session)
        queue = session.get_one(Queue, ids.queue)
        slot = make_slot(session, queue=queue, starts_at=at(SATURDAY, hour=16))
        return ids, make_appointment(session, slot=slot).id

    ids, appointment_id = await storage.write(booked)

    def cancel(session: WriteSession, ids: Ids) -> None:
        cancel_by_office(session, appointment_id=appointment_id, actor=SYSTEM, reason="", now=NOW)

    assert await freed(storage, ids, cancel) == {SATURDAY}
