"""Changed hours beside people who hold an old time: no start is sold to more people than there are counters."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.acting import Actor
from desk.appointments.actions import cancel
from desk.appointments.models import Appointment
from desk.capacity.actions import materialise, roll_window
from desk.capacity.models import Queue, Slot, SlotStatus
from desk.capacity.queries import rules_of
from desk.capacity.refusals import HoursOverlap
from desk.catalogue.models import Service
from desk.conversations.models import Conversation
from desk.places.actions import hold
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import Broken, verify
from tests.makers import AT_ONCE, NOW, TODAY, acting, at, make_appointment, make_conversation, make_queue, make_service
from tests.makers_hours import make_rule, save_rule

TOMORROW = TODAY + timedelta(days=1)
STAFF: dict[str, Any] = {"actor": acting(5), "now": NOW}
HOURS: dict[str, Any] = {"weekday": 1, "opens": 480, "closes": 600, "minutes_per_person": 15, "counters": 3}


def _queue(session: WriteSession) -> tuple[Queue, Service]:
    """Tomorrow from 8:00 to 10:00, three counters, a quarter of an hour each."""
    service = make_service(session)
    queue = make_queue(session, services=[service])
    make_rule(session, queue=queue, **HOURS)
    roll_window(session, queue_id=queue.id, today=TODAY, now=NOW)
    return queue, service


def _slot(session: WriteSession, queue: Queue, hour: int, minute: int) -> Slot:
    query = select(Slot).where(Slot.queue_id == queue.id, Slot.starts_at == at(TOMORROW, hour=hour, minute=minute))
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _open_at(session: WriteSession, queue: Queue, opens: int) -> None:
    rule = rules_of(session, queue_id=queue.id)[0]
    changed = HOURS | {"opens": opens, "valid_from": TODAY}
    save_rule(session, rule_id=rule.id, queue_id=queue.id, **changed, **STAFF)
    roll_window(session, queue_id=queue.id, today=TODAY, now=NOW)


def _appointments(
    session: WriteSession, queue: Queue, service: Service, chat: Conversation, *, n: int
) -> list[Appointment]:
    """So many appointments at each of 8:30, 8:45 and 9:00."""
    times = [(8, 30), (8, 45), (9, 0)]
    return [
        make_appointment(session, slot=_slot(session, queue, *time), service=service, conversation=chat)
        for time in times
        for _ in range(n)
    ]


def _broken(session: WriteSession) -> list[Broken]:
    """What is broken, but for people of a closed time: here the hours change without the sheet that sees to them."""
    return [each for each in verify(session) if each.rule != "closed_time_is_known"]


def _most_at_once(session: WriteSession, queue: Queue) -> int:
    """The most people, with all that may still come, whom one minute finds at the counters."""
    places: list[tuple[datetime, datetime, int]] = [
        (slot.starts_at, slot.starts_at + timedelta(minutes=slot.minutes), slot.capacity)
        for slot in session.scalars(
            select(Slot)
            .where(Slot.queue_id == queue.id, Slot.day == TOMORROW)
            .execution_options(populate_existing=True)
        )
    ]
    return max(sum(n for first, last, n in places if first <= moment < last) for moment, _, _ in places)


def test_people_of_the_old_times_keep_their_counters_when_the_hours_change(session: WriteSession) -> None:
    queue, service = _queue(session)
    _appointments(session, queue, service, make_conversation(session), n=3)

    _open_at(session, queue, 490)

    planned = {(h, m): _slot(session, queue, h, m).remaining for h, m in ((8, 10), (8, 25), (8, 40), (8, 55), (9, 10))}
    assert planned == {(8, 10): 3, (8, 25): 0, (8, 40): 0, (8, 55): 0, (9, 10): 0}
    assert _slot(session, queue, 9, 25).remaining == 3
    assert _most_at_once(session, queue) == 3
    assert {_slot(session, queue, 8, m).status for m in (25, 40, 55)} == {SlotStatus.LIVE}
    assert _broken(session) == []


def test_places_come_back_when_the_old_appointments_are_cancelled(session: WriteSession) -> None:
    queue, service = _queue(session)
    chat = make_conversation(session)
    appointments = _appointments(session, queue, service, chat, n=1)
    _open_at(session, queue, 490)
    before = [_slot(session, queue, 8, m).remaining for m in (10, 25, 40, 55)]

    for appointment in appointments:
        cancel(session, appointment_id=appointment.id, actor=Actor.chat(chat.id), rest=AT_ONCE, now=NOW)
    materialise(session, queue_id=queue.id, days=[TOMORROW], now=NOW)

    assert before == [3, 2, 1, 1]
    assert [_slot(session, queue, 8, m).remaining for m in (10, 25, 40, 55)] == [3, 3, 3, 3]
    assert _broken(session) == []


def test_a_kept_place_counts_and_a_second_run_changes_nothing(session: WriteSession) -> None:
    queue, _ = _queue(session)
    chat = make_conversation(session)
    hold(session, actor=Actor.chat(chat.id), slot_id=_slot(session, queue, 8, 30).id, now=NOW)
    _open_at(session, queue, 490)

    again = materialise(session, queue_id=queue.id, days=[TOMORROW], now=NOW)

    assert [_slot(session, queue, 8, m).remaining for m in (10, 25, 40, 55)] == [3, 2, 2, 3]
    assert (again.made, again.changed, again.closed) == (0, 0, 0)
    assert _broken(session) == []


def test_a_start_never_falls_below_its_own_people_and_sells_none_of_their_places(session: WriteSession) -> None:
    """Back and forth: 8:25 has its people, then 8:30 is planned again beside them."""
    queue, service = _queue(session)
    chat = make_conversation(session)
    mine = [make_appointment(session, slot=_slot(session, queue, 8, 30), service=service, conversation=chat)]
    _open_at(session, queue, 490)
    for _ in range(2):
        slot = _slot(session, queue, 8, 25)
        mine.append(make_appointment(session, slot=slot, service=service, conversation=chat))
    _open_at(session, queue, 480)
    assert (_slot(session, queue, 8, 30).planned, _slot(session, queue, 8, 30).remaining) == (1, 0)

    again = make_appointment(session, slot=_slot(session, queue, 9, 0), service=service, conversation=chat)
    cancel(session, appointment_id=mine[0].id, actor=Actor.chat(chat.id), rest=AT_ONCE, now=NOW)

    assert _slot(session, queue, 8, 30).remaining == 1
    assert _slot(session, queue, 9, 0).remaining == 2
    assert again.is_live
    assert _most_at_once(session, queue) == 3
    assert _broken(session) == []


@pytest.mark.parametrize(
    "story",
    [
        test_people_of_the_old_times_keep_their_counters_when_the_hours_change,
        test_places_come_back_when_the_old_appointments_are_cancelled,
        test_a_kept_place_counts_and_a_second_run_changes_nothing,
        test_a_start_never_falls_below_its_own_people_and_sells_none_of_their_places,
    ],
)
async def test_it_is_so_on_both_databases(storage: Storage, story: Callable[[WriteSession], None]) -> None:
    await storage.write(story)


async def test_the_same_hours_sent_twice_at_once_stand_once(storage: Storage) -> None:
    """Without the lock on the queue both would look before either has written."""
    queue_id = await storage.write(lambda session: make_queue(session).id)

    def send(session: WriteSession) -> int:
        return save_rule(session, queue_id=queue_id, **HOURS, valid_from=TODAY, **STAFF)

    answers = await asyncio.gather(*(storage.write(send) for _ in range(4)), return_exceptions=True)

    assert sorted(type(answer).__name__ for answer in answers) == ["HoursOverlap"] * 3 + ["int"]
    assert len(await storage.read(rules_of, queue_id=queue_id)) == 1


@pytest.mark.parametrize(
    "second",
    [
        {},
        {"opens": 485},
        {"opens": 420, "closes": 481},
        {"valid_from": TODAY + timedelta(days=30)},
        {"valid_from": TODAY - timedelta(days=9), "valid_to": TODAY},
    ],
)
def test_hours_that_overlap_others_are_refused(session: WriteSession, second: dict[str, Any]) -> None:
    queue = make_queue(session)
    first = save_rule(session, queue_id=queue.id, **HOURS, valid_from=TODAY, **STAFF)
    with pytest.raises(HoursOverlap) as refusal:
        save_rule(session, queue_id=queue.id, **(HOURS | {"valid_from": TODAY} | second), **STAFF)
    assert refusal.value.rule_id == first
    assert len(rules_of(session, queue_id=queue.id)) == 1


def test_hours_beside_before_and_after_others_are_fine_and_a_rule_is_no_rival_of_itself(session: WriteSession) -> None:
    queue, other = make_queue(session), make_queue(session)
    usual = HOURS | {"valid_from": TODAY, "valid_to": TODAY + timedelta(days=30)}
    first = save_rule(session, queue_id=queue.id, **usual, **STAFF)
    beside: list[dict[str, Any]] = [
        {"weekday": 2},
        {"opens": 600, "closes": 700},
        {"valid_from": TODAY + timedelta(days=31), "valid_to": None},
        {"valid_from": TODAY - timedelta(days=9), "valid_to": TODAY - timedelta(days=1)},
    ]
    for each in beside:
        save_rule(session, queue_id=queue.id, **(usual | each), **STAFF)
    save_rule(session, queue_id=other.id, **usual, **STAFF)
    assert save_rule(session, rule_id=first, queue_id=queue.id, **(usual | {"opens": 490}), **STAFF) == first
