"""Slots follow the rules, never against somebody who holds a place; and free times are found where they are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, text

from desk.acting import Actor
from desk.appointments.actions import cancel
from desk.calendar import instant_of
from desk.capacity.actions import (
    clear_exception,
    materialise,
    roll_window,
    save_holiday,
    save_queue,
    set_exception,
)
from desk.capacity.models import ExceptionKind, Queue, Slot, SlotStatus
from desk.capacity.offering import offering
from desk.capacity.planning import NOTHING, queues_to_fill
from desk.capacity.queries import (
    exceptions_of,
    first_free,
    free_days,
    free_times,
    holidays,
    queues_of,
    rules_of,
    slot,
    slot_now,
    soonest_elsewhere,
)
from desk.capacity.refusals import HoursOutOfOrder
from desk.capacity.rules import DayHours
from desk.capacity.timetables import timetables
from desk.catalogue.models import Service
from desk.consequences.hit import Reach, stranded
from desk.language.text import Localised
from desk.offices.models import Office
from desk.offices.queries import active_offices
from desk.places.queries import grid
from desk.storage.base import WriteSession
from desk.values import GeoPoint, LocalDay
from desk.verify import verify
from tests.makers import (
    AT_ONCE,
    NOW,
    TODAY,
    acting,
    at,
    make_appointment,
    make_conversation,
    make_office,
    make_queue,
    make_service,
    make_slot,
)
from tests.makers_hours import make_rule, save_rule, take_rule_away

TOMORROW = TODAY + timedelta(days=1)
STAFF: dict[str, Any] = {"actor": acting(5), "now": NOW}


def _queue(session: WriteSession, **rule: Any) -> tuple[Queue, Service, Office]:
    """A queue that is open on Saturdays and Sundays, filled for sixty days."""
    service, office = make_service(session), make_office(session)
    queue = make_queue(session, office=office, services=[service])
    for weekday in (0, 1):
        make_rule(session, queue=queue, weekday=weekday, **rule)
    roll_window(session, queue_id=queue.id, today=TODAY, now=NOW)
    return queue, service, office


def _slots(session: WriteSession, queue: Queue, day: date, *, live_only: bool = True) -> list[Slot]:
    query = select(Slot).where(Slot.queue_id == queue.id, Slot.day == day).order_by(Slot.starts_at)
    found = session.scalars(query.execution_options(populate_existing=True))
    return [each for each in found if not live_only or each.status is SlotStatus.LIVE]


def test_the_window_holds_the_rules_days_and_nothing_that_has_begun(session: WriteSession) -> None:
    queue, _, _ = _queue(session)
    days = session.scalars(select(Slot.day).distinct().order_by(Slot.day)).all()
    assert days[:4] == [TODAY, TOMORROW, TODAY + timedelta(days=7), TODAY + timedelta(days=8)]
    assert days[-1] <= TODAY + timedelta(days=59)
    assert _slots(session, queue, TODAY)[0].starts_at == at(hour=9, minute=45)
    assert len(_slots(session, queue, TOMORROW)) == 24


def test_filling_twice_changes_nothing_and_a_day_later_adds_a_day(session: WriteSession) -> None:
    queue, _, _ = _queue(session)
    again = roll_window(session, queue_id=queue.id, today=TODAY, now=NOW)
    assert (again.made, again.changed, again.closed) == (0, 0, 0)
    # Day 60 of tomorrow's window is a Wednesday; a week later two open days have come into sight.
    later = roll_window(session, queue_id=queue.id, today=TODAY + timedelta(days=7), now=NOW + timedelta(days=7))
    assert later.made == 48
    assert queues_to_fill(session, until=TODAY + timedelta(days=66)) == []
    assert queues_to_fill(session, until=TODAY + timedelta(days=67)) == [queue.id]


def test_days_equal_what_the_rules_say(session: WriteSession) -> None:
    queue, _, _ = _queue(session, minutes_per_person=17, counters=3)
    for day in (TODAY + timedelta(days=n) for n in (0, 1, 6, 7, 8, 20, 28, 29, 43, 56, 57, 59)):
        table = timetables(session, queue_ids=[queue.id], days=[day])[queue.id]
        wanted = [(instant_of(LocalDay(day), minutes=p.start), p.capacity) for p in table.plan(day)]
        found = [(each.starts_at, each.capacity) for each in _slots(session, queue, day)]
        assert found == [each for each in wanted if each[0] > NOW]


def test_a_changed_rule_brings_the_window_into_line_at_once(session: WriteSession) -> None:
    queue, _, _ = _queue(session)
    sunday = rules_of(session, queue_id=queue.id)[1]
    changed: dict[str, Any] = {"weekday": 1, "opens": 480, "closes": 600, "minutes_per_person": 15, "counters": 3}
    save_rule(session, rule_id=sunday.id, queue_id=queue.id, **changed, valid_from=TODAY, **STAFF)
    assert queues_to_fill(session, until=TODAY) == []
    assert [each.capacity for each in _slots(session, queue, TOMORROW)] == [3] * 8
    assert roll_window(session, queue_id=queue.id, today=TODAY, now=NOW) == NOTHING
    take_rule_away(session, rule_id=sunday.id, now=NOW)
    assert _slots(session, queue, TOMORROW) == []
    assert len(_slots(session, queue, TOMORROW, live_only=False)) == 24
    assert verify(session) == []


def test_a_slot_with_takers_keeps_them_and_sells_nothing_above_the_plan(session: WriteSession) -> None:
    queue, service, _ = _queue(session)
    chat = make_conversation(session)
    first = _slots(session, queue, TOMORROW)[0]
    appointments = [make_appointment(session, slot=first, service=service, conversation=chat) for _ in range(2)]
    fewer: dict[str, Any] = {"kind": ExceptionKind.HOURS, "counters": 1}
    change = set_exception(session, queue_id=queue.id, day=TOMORROW, **fewer, **STAFF)
    assert change.kept_over == (first.id,)
    assert not stranded(session, reach=Reach(day=TOMORROW), now=NOW)
    session.refresh(first)
    assert (first.planned, first.capacity, first.remaining, first.is_open) == (1, 2, 0, False)
    cancel(session, appointment_id=appointments[0].id, actor=Actor.chat(chat.id), rest=AT_ONCE, now=NOW)
    session.refresh(first)
    assert (first.capacity, first.remaining) == (1, 0)
    cancel(session, appointment_id=appointments[1].id, actor=Actor.chat(chat.id), rest=AT_ONCE, now=NOW)
    session.refresh(first)
    assert (first.capacity, first.remaining, first.is_open) == (1, 1, True)
    assert verify(session) == []


@pytest.mark.requirement("000-13", "M")
def test_closing_a_day_names_the_appointments_it_hits_and_cancels_none(session: WriteSession) -> None:
    queue, service, office = _queue(session)
    slots = _slots(session, queue, TOMORROW)
    late = make_appointment(session, slot=slots[9], service=service)
    early = make_appointment(session, slot=slots[2], service=service)
    change = set_exception(
        session, queue_id=queue.id, day=TOMORROW, kind=ExceptionKind.CLOSED, reason="گرد و خاک", **STAFF
    )
    assert list(stranded(session, reach=Reach(day=TOMORROW), now=NOW)) == [early.id, late.id]
    assert change.closed == 24
    [_, cell] = grid(session, office_id=office.id, from_day=TODAY, days=2)
    assert (cell.is_closed, cell.reason, cell.booked, cell.free) == (True, "گرد و خاک", 2, 0)
    assert [row.reason for row in exceptions_of(session, queue_id=queue.id, from_day=TODAY)] == ["گرد و خاک"]
    back = clear_exception(session, queue_id=queue.id, day=TOMORROW, **STAFF)
    assert (back.changed, back.kept_over) == (24, ())
    assert not stranded(session, reach=Reach(day=TOMORROW), now=NOW)
    assert grid(session, office_id=office.id, from_day=TOMORROW, days=1)[0].free == 46
    assert verify(session) == []


def test_a_holiday_closes_its_day_at_once_but_for_offices_with_hours_of_their_own(session: WriteSession) -> None:
    queue, service, _ = _queue(session)
    other, _, _ = _queue(session)
    hours: dict[str, Any] = {"hours": [DayHours(600, 660)], "counters": 1}
    set_exception(session, queue_id=other.id, day=TOMORROW, kind=ExceptionKind.HOURS, **hours, **STAFF)
    appointment = make_appointment(session, slot=_slots(session, queue, TOMORROW)[0], service=service)
    name = Localised({"fa": "عید"})
    save_holiday(session, day=TOMORROW, name=name, is_confirmed=True, **STAFF)
    assert list(stranded(session, reach=Reach(day=TOMORROW), now=NOW)) == [appointment.id]
    assert _slots(session, queue, TOMORROW) == []
    assert len(_slots(session, other, TOMORROW)) == 4
    save_holiday(session, day=TOMORROW, name=name, is_confirmed=True, is_closed=False, **STAFF)
    assert len(_slots(session, queue, TOMORROW)) == 24
    assert [row.is_closed for row in holidays(session, from_day=TODAY, to_day=TOMORROW)] == [False]
    assert verify(session) == []


def test_a_holiday_of_a_province_leaves_the_others_open(session: WriteSession) -> None:
    queue, _, _ = _queue(session)
    save_holiday(session, day=TOMORROW, name=Localised({"fa": "ع"}), is_confirmed=False, province_code="IR-30", **STAFF)
    assert _slots(session, queue, TOMORROW) == []
    far = make_queue(session, office=make_office(session, province_code="IR-23"), services=[make_service(session)])
    make_rule(session, queue=far, weekday=1)
    roll_window(session, queue_id=far.id, today=TODAY, now=NOW)
    assert len(_slots(session, far, TOMORROW)) == 24


def test_a_queue_out_of_use_closes_its_slots(session: WriteSession) -> None:
    queue, service, office = _queue(session)
    save_queue(
        session,
        queue_id=queue.id,
        office_id=office.id,
        name=queue.name,
        service_ids=[service.id],
        is_active=False,
        **STAFF,
    )
    assert session.scalar(select(func.count()).where(Slot.status == SlotStatus.LIVE)) == 0
    assert queues_to_fill(session, until=TODAY) == []


@pytest.mark.requirement("000-02", "M")
def test_a_service_taken_from_a_queue_is_no_longer_offered(session: WriteSession) -> None:
    queue, service, office = _queue(session)
    other = make_service(session)
    assert [row.id for row in active_offices(session, only=offering(service.id))] == [office.id]
    save_queue(session, queue_id=queue.id, office_id=office.id, name=queue.name, service_ids=[other.id], **STAFF)
    assert active_offices(session, only=offering(service.id)) == []
    assert [row.id for row in active_offices(session, only=offering(other.id), province_code="IR-30")] == [office.id]
    assert [row.service_ids for row in queues_of(session, office_id=office.id)] == [(other.id,)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekday": 7},
        {"opens": 600, "closes": 600},
        {"closes": 1441},
        {"minutes_per_person": 0},
        {"minutes_per_person": 400},
        {"counters": 0},
        {"valid_to": date(2026, 1, 1)},
    ],
)
def test_hours_that_make_no_opening_are_refused(session: WriteSession, wrong: dict[str, Any]) -> None:
    queue = make_queue(session)
    right: dict[str, Any] = {
        "weekday": 0,
        "opens": 480,
        "closes": 840,
        "minutes_per_person": 15,
        "counters": 1,
        "valid_from": TODAY,
    }
    with pytest.raises(HoursOutOfOrder) as refusal:
        save_rule(session, queue_id=queue.id, **(right | wrong), **STAFF)
    assert refusal.value.field in wrong


def test_a_day_with_a_clock_change_has_each_instant_once(session: WriteSession) -> None:
    office = make_office(session, zone="Europe/Berlin")
    queue = make_queue(session, office=office)
    make_rule(session, queue=queue, weekday=1, opens=0, closes=360, minutes_per_person=60)
    spring, autumn = date(2027, 3, 28), date(2027, 10, 31)
    done = materialise(session, queue_id=queue.id, days=[spring, autumn], now=NOW)
    starts = [each.starts_at for each in _slots(session, queue, spring)]
    assert len(starts) == len(set(starts)) == 5
    assert len(_slots(session, queue, autumn)) == 6
    assert done.made == 11


# -- holds


def _left(session: WriteSession, slot: Slot) -> int:
    session.refresh(slot)
    assert slot.is_open == (slot.remaining > 0)
    return slot.remaining


# -- free times


def test_the_soonest_free_times_of_all_offices_come_first(session: WriteSession) -> None:
    service = make_service(session)
    offices, hours = [], ((11, 12), (10, 13), (9,))
    for starts in hours:
        offices.append(make_office(session))
        queue = make_queue(session, office=offices[-1], services=[service])
        for hour in starts:
            make_slot(session, queue=queue, starts_at=at(TOMORROW, hour=hour))
    ids = [office.id for office in offices]
    found = first_free(session, service_id=service.id, office_ids=ids, after=NOW)
    assert [each.starts_at for each in found] == [at(TOMORROW, hour=hour) for hour in (9, 10, 11)]
    assert [each.office_id for each in found] == [ids[2], ids[1], ids[0]]
    one = first_free(session, service_id=service.id, office_ids=ids[:1], after=at(TOMORROW, hour=11))
    assert [each.starts_at for each in one] == [at(TOMORROW, hour=12)]
    assert first_free(session, service_id=make_service(session).id, office_ids=ids, after=NOW) == []
    assert first_free(session, service_id=service.id, office_ids=[], after=NOW) == []


@pytest.mark.requirement("000-13", "A")
def test_free_days_pass_over_full_and_closed_ones(session: WriteSession) -> None:
    queue, service, office = _queue(session)
    for each in _slots(session, queue, TOMORROW):
        each.remaining, each.is_open = 0, False
    session.flush()
    week = TODAY + timedelta(days=7)
    set_exception(session, queue_id=queue.id, day=week, kind=ExceptionKind.CLOSED, **STAFF)
    found = free_days(session, service_id=service.id, office_id=office.id, after=NOW, limit=3)
    assert [each.day for each in found] == [TODAY, week + timedelta(days=1), week + timedelta(days=7)]
    assert found[0].first.starts_at == at(hour=9, minute=45)
    assert [each.free for each in found] == [34, 48, 48]
    later = free_days(session, service_id=service.id, office_id=office.id, after=NOW, limit=1, from_day=TOMORROW)
    assert [each.day for each in later] == [week + timedelta(days=1)]


def test_two_queues_of_an_office_are_one_choice_for_the_person(session: WriteSession) -> None:
    service, office = make_service(session), make_office(session)
    small, large = (make_queue(session, office=office, services=[service]) for _ in range(2))
    make_slot(session, queue=small, starts_at=at(TOMORROW, hour=9), capacity=1)
    best = make_slot(session, queue=large, starts_at=at(TOMORROW, hour=9), capacity=4)
    make_slot(session, queue=small, starts_at=at(TOMORROW, hour=10), capacity=1)
    times = free_times(session, service_id=service.id, office_id=office.id, day=TOMORROW, after=NOW)
    assert [each.starts_at for each in times] == [at(TOMORROW, hour=hour) for hour in (9, 10)]
    assert times[0].slot_id == best.id
    [day] = free_days(session, service_id=service.id, office_id=office.id, after=NOW)
    assert (day.free, day.first.starts_at) == (6, at(TOMORROW, hour=9))


def test_another_office_is_named_with_its_soonest_time(session: WriteSession) -> None:
    service = make_service(session)
    here, near, far = (make_office(session, point=(35.8 + n / 10, 51.0)) for n in range(3))
    abroad = make_office(session, province_code="IR-23", point=None)
    for office, hour in ((here, 8), (near, 11), (far, 9), (abroad, 10)):
        make_slot(
            session, queue=make_queue(session, office=office, services=[service]), starts_at=at(TOMORROW, hour=hour)
        )
    ask: dict[str, Any] = {"service_id": service.id, "except_office": here.id, "after": NOW}
    by_place = soonest_elsewhere(session, near=GeoPoint(35.8, 51.0), province_code=None, **ask)
    assert [each.office.id for each in by_place] == [far.id, near.id, abroad.id]
    assert by_place[1].km == pytest.approx(11.1, abs=0.1)
    by_province = soonest_elsewhere(session, near=None, province_code="IR-30", **ask)
    assert [each.office.id for each in by_province] == [far.id, near.id, abroad.id]
    anywhere = soonest_elsewhere(session, near=None, province_code=None, limit=2, **ask)
    assert [(each.office.id, each.slot.starts_at, each.km) for each in anywhere] == [
        (far.id, at(TOMORROW, hour=9), None),
        (abroad.id, at(TOMORROW, hour=10), None),
    ]


def test_a_slot_is_told_as_it_stands(session: WriteSession) -> None:
    service = make_service(session)
    queue = make_queue(session, services=[service])
    free = make_slot(session, queue=queue, starts_at=at(TOMORROW, hour=8))
    full = make_slot(session, queue=queue, starts_at=at(TOMORROW, hour=9), remaining=0)
    gone = at(TOMORROW, hour=10)
    closed = make_slot(session, queue=queue, starts_at=gone, remaining=0, status=SlotStatus.CLOSED)
    now = [slot_now(session, slot_id=each.id) for each in (free, full, closed)]
    assert [each.remaining for each in now if each] == [2, 0, 0]
    assert slot(session, slot_id=full.id, service_id=service.id, after=NOW) is not None
    assert slot(session, slot_id=closed.id, service_id=service.id, after=NOW) is None
    assert slot(session, slot_id=free.id, service_id=service.id, after=free.starts_at) is None
    assert slot_now(session, slot_id=0) is None


def test_every_search_of_free_times_walks_the_index_of_open_slots(session: WriteSession) -> None:
    _, service, office = _queue(session)
    statements: list[tuple[str, Any]] = []
    connection = session.connection()

    def note(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        statements.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    first_free(session, service_id=service.id, office_ids=[office.id], after=NOW)
    free_days(session, service_id=service.id, office_id=office.id, after=NOW)
    free_times(session, service_id=service.id, office_id=office.id, day=TOMORROW, after=NOW)
    event.remove(connection, "before_cursor_execute", note)
    assert len(statements) == 4
    for statement, parameters in statements:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
        slots = [step for step in plan if step.startswith(("SCAN s", "SEARCH s ", "SCAN slots", "SEARCH slots"))]
        assert any("ix_slots_open" in step for step in slots), plan
        assert all("ix_slots_open" in step or "INTEGER PRIMARY KEY" in step for step in slots), plan
    assert session.execute(text("SELECT count(*) FROM slots")).scalar_one() > 400
