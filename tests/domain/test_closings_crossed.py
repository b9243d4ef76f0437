"""Closings that meet what others do at the same time: opened again, decided otherwise, two workers, two presses."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.util import await_only

from desk.capacity.actions import clear_exception, set_exception
from desk.capacity.cutting import CutKind, DayCut
from desk.capacity.models import CapacityException, ExceptionKind
from desk.closings.actions import close, undo
from desk.closings.foreseeing import QueueDay
from desk.closings.refusals import NothingToClose, TooMuchToClose
from desk.closings.rules import UNDO
from desk.closings.steps import go_on
from desk.consequences.actions import carry_on
from desk.consequences.models import Change, ChangedAppointment
from desk.consequences.rules import ChangeKind, Progress
from desk.events.models import Event
from desk.organisation import EVERYWHERE
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.makers import NOW, acting, at
from tests.makers_changes import STAFF, SUNDAY, Town, appointment_of, steps
from tests.makers_closings import closing_of
from tests.stories import Story, stories_of, tell

_SOMEBODY_WAITS = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def _closed(session: WriteSession, *towns: Town) -> int:
    return close(session, **closing_of([town.queue.id for town in towns]), **STAFF)


def test_whose_day_is_opened_again_on_its_own_page_is_neither_moved_nor_told(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(2)
    _closed(session, town)
    clear_exception(session, queue_id=town.queue.id, day=SUNDAY, **STAFF)
    carry_on(session, now=NOW + UNDO)
    assert steps(session) == dict.fromkeys(people, Progress.LEFT)
    assert [appointment_of(session, id).starts_at for id in people] == [at(SUNDAY, hour=8)] * 2
    assert verify(session) == []


def test_with_one_counter_opened_again_only_the_other_person_moves(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(2)
    _closed(session, town)
    set_exception(session, queue_id=town.queue.id, day=SUNDAY, kind=ExceptionKind.HOURS, counters=1, **STAFF)
    carry_on(session, now=NOW + UNDO)
    assert sorted(steps(session).values()) == [Progress.LEFT, Progress.MOVED]
    assert sorted(appointment_of(session, id).moves for id in people) == [0, 1]


def test_taken_back_where_somebody_keeps_the_day_closed_its_people_are_decided_about(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(2)
    change_id = _closed(session, town)
    why = "در این روز تعمیر می‌شود."
    set_exception(session, queue_id=town.queue.id, day=SUNDAY, kind=ExceptionKind.CLOSED, reason=why, **STAFF)
    undo(session, change_id=change_id, **STAFF)
    assert steps(session) == dict.fromkeys(people, Progress.OPEN)
    kinds = session.scalars(select(Change.kind).join(ChangedAppointment, ChangedAppointment.change_id == Change.id))
    assert set(kinds) == {ChangeKind.FOUND}
    assert verify(session) == []


def test_of_two_closings_of_a_day_each_person_is_kept_when_one_is_taken_back(session: WriteSession) -> None:
    town = Town(session)
    (id,) = town.people(1)
    hour = DayCut(kind=CutKind.CLOSE, opens=8 * 60, closes=9 * 60)
    first = close(session, **closing_of([town.queue.id], by=hour), **STAFF)
    later = DayCut(kind=CutKind.CLOSE, opens=9 * 60, closes=10 * 60)
    close(session, **closing_of([town.queue.id], by=later) | {"key": "later"}, **STAFF)
    undo(session, change_id=first, **STAFF)
    assert steps(session) == {id: Progress.OPEN}


def test_the_history_says_who_took_it_back(session: WriteSession) -> None:
    town = Town(session)
    change_id = _closed(session, town)
    undo(session, change_id=change_id, actor=acting(77, may=EVERYWHERE), now=NOW)
    found = session.execute(select(Event.kind, Event.actor_id).order_by(Event.id)).all()
    assert found == [("closing.close", 5), ("day.set", 5), ("closing.undo", 77), ("day.clear", 77)]


def test_days_that_are_over_stay_as_they_were(session: WriteSession) -> None:
    town = Town(session)
    with pytest.raises(NothingToClose):
        close(session, **closing_of([town.queue.id], day=SUNDAY - timedelta(days=14)), **STAFF)
    close(session, **closing_of([town.queue.id], day=SUNDAY - timedelta(days=14), days=15), **STAFF)
    assert min(session.scalars(select(CapacityException.day))) >= NOW.date()


def test_more_than_a_closing_may_have_is_said_to_be_too_much(session: WriteSession) -> None:
    town = Town(session)
    days = [QueueDay(town.queue.id, SUNDAY + timedelta(days=n)) for n in range(20_001)]
    with pytest.raises(TooMuchToClose):
        close(session, **closing_of([town.queue.id]) | {"days": days}, **STAFF)


@pytest.mark.postgres
async def test_two_workers_that_end_it_at_the_same_moment_let_the_people_be_told(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.closings.actions.AT_ONCE", 1)

    def prepare(session: WriteSession) -> None:
        towns = [Town(session) for _ in range(3)]
        for town in towns:
            town.people(1)
        _closed(session, *towns)

    await storage.write(prepare)
    one_is_done, other_is_done = asyncio.Event(), asyncio.Event()

    def one_day(session: WriteSession) -> int:
        """Ends its day, and stays in its transaction until the other one has ended too, or waits for this one."""
        done = go_on(session, limit=1, now=NOW)
        one_is_done.set()
        while not other_is_done.is_set() and not session.scalar(_SOMEBODY_WAITS):
            await_only(asyncio.sleep(0))
        return done

    def other_day(session: WriteSession) -> int:
        await_only(one_is_done.wait())
        done = go_on(session, limit=1, now=NOW)
        other_is_done.set()
        return done

    assert set(await asyncio.gather(storage.write(one_day), storage.write(other_day))) == {1}
    assert await storage.read(verify) == []


@pytest.mark.postgres
async def test_two_presses_at_the_same_moment_close_once(storage: Storage) -> None:
    queue_id = await storage.write(lambda session: Town(session).queue.id)
    both_are_there = asyncio.Barrier(2)

    def press(session: WriteSession) -> int:
        await_only(both_are_there.wait())
        return close(session, **closing_of([queue_id]), **STAFF)

    first, second = await asyncio.gather(storage.write(press), storage.write(press))
    assert first == second
    assert await storage.read(lambda session: session.scalar(select(func.count()).select_from(Change))) == 1


STORIES = stories_of(globals())


@pytest.mark.postgres
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_the_same_on_postgresql(storage: Storage, story: Story) -> None:
    await tell(story, storage)
