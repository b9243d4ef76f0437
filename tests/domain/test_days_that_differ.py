"""A day that differs has as many hours as one likes, may be open beside its usual ones, and may have fewer counters."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.capacity.actions import clear_exception, save_holiday, set_exception, set_week
from desk.capacity.models import ExceptionKind, Queue, Slot, SlotStatus
from desk.capacity.opening_hours import open_days
from desk.capacity.planned_hours import Hours
from desk.capacity.queries import exceptions_of
from desk.capacity.refusals import HoursOutOfOrder
from desk.capacity.rules import DayHours
from desk.capacity.weeks import Week
from desk.events import queries as events
from desk.language.text import Localised
from desk.storage.base import WriteSession
from desk.values import LocalDay
from desk.verify import verify
from tests.makers import NOW, TODAY, acting, make_queue, make_service

SUNDAY = TODAY + timedelta(days=1)
STAFF: dict[str, Any] = {"actor": acting(5), "now": NOW}
EIGHT, TEN, NOON, FOUR, SIX = 480, 600, 720, 960, 1080


def _queue(session: WriteSession) -> Queue:
    """Sundays from eight to twelve, two counters, a quarter of an hour each."""
    queue = make_queue(session, services=[make_service(session)])
    week = Week(tuple((Hours(EIGHT, NOON, 15, 2),) if day == 1 else () for day in range(7)))
    set_week(session, queue_ids=[queue.id], week=week, from_day=TODAY, **STAFF)
    return queue


def _plan(session: WriteSession, queue: Queue) -> dict[int, int]:
    """The places of the Sunday by their local minute."""
    found = session.execute(
        select(Slot.starts_at, Slot.planned)
        .where(Slot.queue_id == queue.id, Slot.day == SUNDAY, Slot.status == SlotStatus.LIVE)
        .order_by(Slot.starts_at)
    )
    return {(starts_at.hour * 60 + starts_at.minute + 210) % 1440: places for starts_at, places in found}


def _set(session: WriteSession, queue: Queue, kind: ExceptionKind, *hours: DayHours, **given: Any) -> None:
    set_exception(session, queue_id=queue.id, day=SUNDAY, kind=kind, hours=hours, **given, **STAFF)


@pytest.mark.requirement("000-13", "S")
def test_a_day_has_several_hours_each_with_its_counters_and_minutes(session: WriteSession) -> None:
    queue = _queue(session)

    _set(session, queue, ExceptionKind.HOURS, DayHours(FOUR, SIX, 1, 60), DayHours(EIGHT, TEN))

    assert _plan(session, queue) == {**dict.fromkeys(range(EIGHT, TEN, 15), 2), FOUR: 1, FOUR + 60: 1}
    [day] = open_days(session, office_id=queue.office_id, service_id=None, first=LocalDay(SUNDAY), days=1)
    assert day.hours == ((EIGHT, TEN), (FOUR, SIX))
    [kept] = exceptions_of(session, queue_id=queue.id)
    assert kept.hours == (DayHours(EIGHT, TEN), DayHours(FOUR, SIX, 1, 60))
    clear_exception(session, queue_id=queue.id, day=SUNDAY, **STAFF)
    assert _plan(session, queue) == dict.fromkeys(range(EIGHT, NOON, 15), 2)
    assert verify(session) == []


def test_further_hours_come_beside_the_usual_ones_and_alone_on_a_holiday(session: WriteSession) -> None:
    queue = _queue(session)
    evening = dict.fromkeys(range(FOUR, FOUR + 60, 15), 2)

    _set(session, queue, ExceptionKind.EXTRA, DayHours(FOUR, FOUR + 60))
    usual_day = _plan(session, queue)
    name = Localised({"fa": "تعطیل"})
    save_holiday(session, day=SUNDAY, name=name, is_confirmed=True, actor=acting(1), now=NOW)

    assert usual_day == {**dict.fromkeys(range(EIGHT, NOON, 15), 2), **evening}
    assert _plan(session, queue) == evening
    assert verify(session) == []


def test_fewer_counters_are_those_of_all_usual_hours(session: WriteSession) -> None:
    queue = _queue(session)

    _set(session, queue, ExceptionKind.HOURS, counters=1)

    assert _plan(session, queue) == dict.fromkeys(range(EIGHT, NOON, 15), 1)


@pytest.mark.parametrize(
    ("kind", "hours", "field", "number"),
    [
        (ExceptionKind.HOURS, (), "opens", 0),
        (ExceptionKind.EXTRA, (), "opens", 0),
        (ExceptionKind.HOURS, (DayHours(TEN, EIGHT),), "closes", 0),
        (ExceptionKind.HOURS, (DayHours(EIGHT, NOON), DayHours(TEN, SIX)), "overlap", 1),
        (ExceptionKind.EXTRA, (DayHours(TEN, SIX),), "overlap", 0),
        (ExceptionKind.HOURS, (DayHours(EIGHT, NOON), DayHours(FOUR, SIX, 201)), "counters", 1),
        (ExceptionKind.HOURS, (DayHours(EIGHT, NOON), DayHours(FOUR, FOUR + 10, 1, 15)), "minutes", 1),
    ],
)
def test_a_day_that_cannot_be_is_refused_at_its_hours(
    session: WriteSession, kind: ExceptionKind, hours: tuple[DayHours, ...], field: str, number: int
) -> None:
    queue = _queue(session)

    with pytest.raises(HoursOutOfOrder) as refused:
        _set(session, queue, kind, *hours)

    assert (refused.value.field, refused.value.number) == (field, number)
    assert exceptions_of(session, queue_id=queue.id) == []


def test_the_history_keeps_the_hours_of_the_day_and_those_of_before(session: WriteSession) -> None:
    queue = _queue(session)
    _set(session, queue, ExceptionKind.HOURS, DayHours(EIGHT, TEN))
    _set(session, queue, ExceptionKind.EXTRA, DayHours(FOUR, SIX, 3))

    newest = events.of(session, subject=f"queue:{queue.id}")[0]

    assert newest.data["old"] == {"kind": "hours", "hours": [[EIGHT, TEN, None, None]]}
    assert newest.data["new"] == {"kind": "extra", "hours": [[FOUR, SIX, 3, None]]}
