"""The figures of each queue and day are what its rules, its slots and its appointments say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from desk.appointments.rules import AppointmentState
from desk.capacity.actions import roll_window, set_exception
from desk.capacity.models import ExceptionKind, Queue, QueueService, Slot
from desk.catalogue.models import Service
from desk.figures.counting import count_days, queues_to_count
from desk.figures.models import DayFigures
from desk.figures.queries import cells, strain
from desk.figures.rules import DAYS_AHEAD, FIRST_BACK, FRESH, STILL_CHANGES, days_to_count
from desk.organisation import EVERYWHERE, Scope
from desk.storage.base import WriteSession
from tests.makers import NOW, TODAY, acting, at, make_appointment, make_office, make_queue, make_service, make_slot
from tests.makers_hours import make_rule

TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)


def a_queue(session: WriteSession, **office: Any) -> tuple[Queue, Service]:
    """Open every day from 8 to 14 with two counters: 48 places."""
    service = make_service(session)
    queue = make_queue(session, office=make_office(session, **office), services=[service])
    for weekday in range(7):
        make_rule(session, queue=queue, weekday=weekday)
    roll_window(session, queue_id=queue.id, today=TODAY, window_days=21, now=NOW)
    return queue, service


def figures(session: WriteSession, queue: Queue, day: Any) -> tuple[int, ...]:
    session.expire_all()
    row = session.get_one(DayFigures, (queue.id, day))
    return row.planned, row.released, row.taken, row.free, row.booked, row.came, row.served, row.absent


@pytest.mark.requirement("000-13", "I")
def test_a_day_is_counted_from_its_hours_its_places_and_its_people(session: WriteSession) -> None:
    queue, service = a_queue(session)
    slots = session.scalars(select(Slot).where(Slot.queue_id == queue.id, Slot.day == TOMORROW)).all()
    for slot, state in zip(
        slots,
        (
            AppointmentState.BOOKED,
            AppointmentState.ARRIVED,
            AppointmentState.SERVED,
            AppointmentState.COME_BACK,
            AppointmentState.ABSENT,
            AppointmentState.CANCELLED_BY_PERSON,
        ),
        strict=False,
    ):
        make_appointment(session, slot=slot, service=service, state=state)
    count_days(session, id=queue.id, now=NOW)

    assert figures(session, queue, TOMORROW) == (48, 48, 5, 43, 5, 3, 1, 1)


@pytest.mark.requirement("000-13", "I")
def test_what_was_planned_differs_from_what_was_released_where_a_day_is_closed(session: WriteSession) -> None:
    queue, service = a_queue(session)
    make_appointment(
        session,
        slot=session.scalars(select(Slot).where(Slot.queue_id == queue.id, Slot.day == TOMORROW)).first(),
        service=service,
    )
    set_exception(
        session, queue_id=queue.id, day=TOMORROW, kind=ExceptionKind.CLOSED, reason="برف", actor=acting(1), now=NOW
    )
    count_days(session, id=queue.id, now=NOW)

    assert figures(session, queue, TOMORROW) == (48, 0, 1, 0, 1, 0, 0, 0)
    assert figures(session, queue, TOMORROW + timedelta(days=1)) == (48, 48, 0, 48, 0, 0, 0, 0)


def test_a_place_whose_time_has_begun_is_not_free(session: WriteSession) -> None:
    queue = make_queue(session)
    make_slot(session, queue=queue, starts_at=NOW, capacity=3)
    make_slot(session, queue=queue, starts_at=NOW + timedelta(minutes=1), capacity=2)
    count_days(session, id=queue.id, now=NOW)

    assert figures(session, queue, TODAY)[1:4] == (5, 0, 2)


def test_counting_again_leaves_one_row_a_day_with_what_is_so_now(session: WriteSession) -> None:
    queue, service = a_queue(session)
    count_days(session, id=queue.id, now=NOW)
    make_appointment(
        session,
        slot=session.scalars(select(Slot).where(Slot.queue_id == queue.id, Slot.day == TOMORROW)).first(),
        service=service,
    )
    count_days(session, id=queue.id, now=NOW)
    count_days(session, id=queue.id, now=NOW + timedelta(minutes=5))

    assert figures(session, queue, TOMORROW)[2:5] == (1, 47, 1)
    assert session.scalar(select(func.count()).select_from(DayFigures)) == FIRST_BACK + DAYS_AHEAD


def test_a_queue_is_due_until_it_is_counted_and_again_some_minutes_later(session: WriteSession) -> None:
    queue, _ = a_queue(session)
    assert queues_to_count(session, now=NOW) == [queue.id]
    count_days(session, id=queue.id, now=NOW)
    assert queues_to_count(session, now=NOW + FRESH - timedelta(seconds=1)) == []
    assert queues_to_count(session, now=NOW + FRESH) == [queue.id]


def test_after_an_interruption_no_day_between_is_missing() -> None:
    assert len(days_to_count(today=TODAY, counted=None)) == FIRST_BACK + DAYS_AHEAD
    usual = days_to_count(today=TODAY, counted=TODAY)
    assert (usual[0], usual[-1]) == (TODAY - timedelta(days=STILL_CHANGES), TODAY + timedelta(days=DAYS_AHEAD - 1))
    late = days_to_count(today=TODAY, counted=TODAY - timedelta(days=20))
    assert late[0] == TODAY - timedelta(days=20 + STILL_CHANGES)
    assert days_to_count(today=TODAY, counted=TODAY - timedelta(days=400))[0] == TODAY - timedelta(days=FIRST_BACK)


@pytest.mark.requirement("000-14", "M")
def test_the_strain_of_an_office_adds_up_its_queues_and_its_coming_days(session: WriteSession) -> None:
    queue = make_queue(session)
    office = queue.office_id
    make_slot(session, queue=queue, starts_at=at(TOMORROW, hour=9), capacity=4, remaining=0)
    make_slot(session, queue=queue, starts_at=at(TOMORROW + timedelta(days=2), hour=9), capacity=6, remaining=4)
    slot = make_slot(session, queue=queue, starts_at=at(YESTERDAY, hour=9), capacity=8)
    make_appointment(session, slot=slot, state=AppointmentState.ABSENT)
    count_days(session, id=queue.id, now=NOW)

    (row,) = strain(session, scope=EVERYWHERE, today=TODAY)
    assert (row.office.id, row.released, row.taken, row.free, row.share) == (office, 10, 6, 4, 60)
    assert (row.first_free, row.absent, row.counted_at) == (TOMORROW + timedelta(days=2), 1, NOW)
    shown = cells(session, office_ids=[office], today=TODAY)
    assert len(shown) == DAYS_AHEAD
    assert (shown[office, TOMORROW].free, shown[office, TOMORROW].share) == (0, 100)
    assert shown[office, TODAY].share is None


def test_only_offices_within_the_scope_and_queues_of_the_service_count(session: WriteSession) -> None:
    here, service = a_queue(session)
    there, _ = a_queue(session, province_code="IR-09")
    beside = make_queue(session, office=None, services=[])
    beside.office_id = here.office_id
    make_slot(session, queue=beside, capacity=5)
    for queue in (here, there, beside):
        count_days(session, id=queue.id, now=NOW)

    def offices(**asked: Any) -> dict[int, int]:
        return {row.office.id: row.free for row in strain(session, today=TODAY, **asked) if row.counted_at}

    everywhere = offices(scope=EVERYWHERE)
    own = Scope.of(
        *(row.office.node for row in strain(session, scope=EVERYWHERE, today=TODAY) if row.office.id == here.office_id)
    )
    assert everywhere.keys() == {here.office_id, there.office_id}
    assert offices(scope=own).keys() == {here.office_id}
    assert offices(scope=EVERYWHERE, province_code="IR-09").keys() == {there.office_id}
    assert offices(scope=EVERYWHERE, service_id=service.id) == {here.office_id: everywhere[here.office_id] - 5}
    session.execute(update(QueueService).values(is_active=False))
    assert offices(scope=EVERYWHERE, service_id=service.id) == {}
