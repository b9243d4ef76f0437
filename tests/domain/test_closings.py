"""Closing days, hours and counters at several queues at once: in steps, taken back in time, and nobody told before."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from desk.acting import OutOfReach
from desk.appointments.actions import cancel
from desk.capacity.cutting import CutKind, DayCut
from desk.capacity.models import CapacityException, Slot
from desk.closings.actions import close, undo
from desk.closings.foreseeing import QueueDay, foresee_closing
from desk.closings.models import ClosedDay
from desk.closings.queries import queue_days
from desk.closings.refusals import NothingToClose, OpeningStays, TooLateToUndo, UndoneBefore
from desk.closings.rules import UNDO, DayStep
from desk.closings.steps import go_on
from desk.consequences.actions import carry_on
from desk.consequences.models import Change
from desk.consequences.rules import Progress
from desk.conversations.models import ChatCounter
from desk.organisation import EVERYWHERE, Scope, province
from desk.outbox.models import OutboxMessage
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.makers import NOW, acting, at
from tests.makers_changes import STAFF, SUNDAY, Town, appointment_of, its_chat, steps
from tests.makers_closings import WHOLE, closing_of
from tests.stories import Story, stories_of, tell

FIRST_HOUR = DayCut(kind=CutKind.CLOSE, opens=8 * 60, closes=9 * 60)


def _closed(session: WriteSession, *towns: Town, by: DayCut = WHOLE, days: int = 1) -> int:
    return close(session, **closing_of([town.queue.id for town in towns], by=by, days=days), **STAFF)


def _told(session: WriteSession) -> list[str]:
    """Whom a message is on its way to, once for each message."""
    told = OutboxMessage.notice.in_(["moved_by_office", "cancelled_by_office"])
    return list(session.scalars(select(OutboxMessage.about).where(told)))


@pytest.mark.requirement("000-13", "M")
def test_nobody_is_told_before_it_can_no_longer_be_taken_back(session: WriteSession) -> None:
    town = Town(session)
    people = town.people(3)
    _closed(session, town)
    assert carry_on(session, now=NOW + UNDO - timedelta(seconds=1)) == 0
    assert _told(session) == []
    assert carry_on(session, now=NOW + UNDO) == 3
    assert set(steps(session).values()) == {Progress.MOVED}
    assert sorted(_told(session)) == sorted(f"appointment:{id}" for id in people)
    assert {appointment_of(session, id).moves for id in people} == {1}
    assert verify(session) == []


def test_only_the_hour_that_closes_takes_a_time_away(session: WriteSession) -> None:
    town = Town(session)
    early, late = town.people(1), town.people(1, first=10 * 60)
    _closed(session, town, by=FIRST_HOUR)
    carry_on(session, now=NOW + UNDO)
    assert steps(session) == {early[0]: Progress.MOVED}
    assert appointment_of(session, early[0]).starts_at == at(SUNDAY, hour=9)
    assert appointment_of(session, late[0]).starts_at == at(SUNDAY, hour=10)
    assert verify(session) == []


def test_with_fewer_counters_whoever_booked_last_gets_another_time(session: WriteSession) -> None:
    town = Town(session)
    first, second = town.people(2)
    _closed(session, town, by=DayCut(kind=CutKind.CLOSE, counters=1))
    carry_on(session, now=NOW + UNDO)
    assert steps(session) == {second: Progress.MOVED}
    assert appointment_of(session, first).starts_at == at(SUNDAY, hour=8)
    assert verify(session) == []


def test_whoever_gives_a_proposed_time_back_is_not_counted(session: WriteSession) -> None:
    town = Town(session)
    (id,) = town.people(1)
    _closed(session, town)
    carry_on(session, now=NOW + UNDO)
    cancel(session, appointment_id=id, actor=its_chat(session, id), now=NOW + UNDO)
    assert session.scalar(select(func.count()).select_from(ChatCounter)) == 0


def test_whoever_has_to_be_there_soon_is_told_at_once(session: WriteSession) -> None:
    town = Town(session)
    soon = at(SUNDAY, hour=8) - timedelta(minutes=50)
    town.people(1)
    asked = closing_of([town.queue.id])
    change_id = close(session, **asked, actor=STAFF["actor"], now=soon)
    assert carry_on(session, now=soon) == 1
    with pytest.raises(TooLateToUndo):
        undo(session, change_id=change_id, actor=STAFF["actor"], now=soon)


def test_taken_back_everything_is_as_before(session: WriteSession) -> None:
    town = Town(session)
    (id,) = town.people(1)
    change_id = _closed(session, town)
    undo(session, change_id=change_id, **STAFF)
    assert session.scalar(select(CapacityException.id)) is None
    assert carry_on(session, now=NOW + UNDO) == 0
    assert (steps(session), _told(session)) == ({}, [])
    assert appointment_of(session, id).starts_at == at(SUNDAY, hour=8)
    assert verify(session) == []
    with pytest.raises(UndoneBefore):
        undo(session, change_id=change_id, **STAFF)


def test_the_difference_that_a_day_had_before_is_brought_back(session: WriteSession) -> None:
    town = Town(session)
    _closed(session, town, by=FIRST_HOUR)
    second = close(session, **closing_of([town.queue.id]) | {"key": "again"}, **STAFF)
    undo(session, change_id=second, **STAFF)
    (hours,) = session.scalars(select(CapacityException.hours))
    assert hours == [[9 * 60, 14 * 60, 2, 15]]


def test_what_somebody_has_decided_since_is_not_undone(session: WriteSession) -> None:
    town = Town(session)
    first = _closed(session, town, by=FIRST_HOUR)
    close(session, **closing_of([town.queue.id]) | {"key": "again"}, **STAFF)
    undo(session, change_id=first, **STAFF)
    assert session.scalars(select(CapacityException.hours)).one() == []
    assert list(session.scalars(select(ClosedDay.step).order_by(ClosedDay.id))) == [DayStep.LEFT, DayStep.DONE]


def test_it_can_be_taken_back_until_the_first_person_is_told(session: WriteSession) -> None:
    town = Town(session)
    town.people(2)
    change_id = _closed(session, town)
    carry_on(session, limit=1, now=NOW + UNDO)
    with pytest.raises(TooLateToUndo), session.begin_nested():
        undo(session, change_id=change_id, actor=STAFF["actor"], now=NOW + UNDO)
    session.expire_all()
    assert carry_on(session, now=NOW + UNDO) == 1
    assert verify(session) == []


def test_more_counters_and_hours_open_and_only_closing_takes_them_away(session: WriteSession) -> None:
    town = Town(session)
    monday = SUNDAY + timedelta(days=1)
    by = DayCut(kind=CutKind.OPEN, opens=13 * 60, closes=15 * 60, counters=3)
    change_id = close(session, **closing_of([town.queue.id], by=by, days=2), **STAFF)
    planned = select(Slot.day, func.sum(Slot.planned).label("places")).where(Slot.is_open).group_by(Slot.day)
    by_day = {row.day: row.places for row in session.execute(planned)}
    assert (by_day[SUNDAY], by_day[monday]) == (24 * 2 + 4 * 3 + 4 * 3, 8 * 3)
    with pytest.raises(OpeningStays):
        undo(session, change_id=change_id, **STAFF)


def test_a_large_closing_goes_on_in_steps_and_tells_nobody_before_its_last_day(
    session: WriteSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.closings.actions.AT_ONCE", 1)
    towns = [Town(session), Town(session)]
    for town in towns:
        town.people(1)
    change_id = _closed(session, *towns)
    assert carry_on(session, now=NOW + 2 * UNDO) == 0
    assert verify(session) == []
    killed = session.begin_nested()
    assert go_on(session, limit=10, now=NOW) == 1
    killed.rollback()
    session.expire_all()
    undone = session.begin_nested()
    undo(session, change_id=change_id, actor=STAFF["actor"], now=NOW + 2 * UNDO)
    assert session.scalar(select(CapacityException.id)) is None
    undone.rollback()
    session.expire_all()
    assert go_on(session, limit=10, now=NOW + 2 * UNDO) == 1
    assert carry_on(session, now=NOW + 2 * UNDO) == 2
    assert verify(session) == []


def test_of_a_large_closing_whoever_has_to_be_there_soon_is_told_before_its_other_days_are_closed(
    session: WriteSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.closings.actions.AT_ONCE", 1)
    saturday = SUNDAY - timedelta(days=1)
    now = at(saturday, hour=7)
    later, soon = Town(session), Town(session)
    (waits,), (hurries,) = later.people(1, day=saturday, first=10 * 60), soon.people(1, day=saturday)
    asked = closing_of([later.queue.id, soon.queue.id], day=saturday, days=2)
    change_id = close(session, **asked, actor=STAFF["actor"], now=now)
    assert carry_on(session, now=now) == 1
    assert steps(session) == {hurries: Progress.MOVED}
    assert _told(session) == [f"appointment:{hurries}"]
    assert appointment_of(session, hurries).day > SUNDAY, "the next day may be closed too"
    assert verify(session) == []
    with pytest.raises(TooLateToUndo), session.begin_nested():
        undo(session, change_id=change_id, actor=STAFF["actor"], now=now)
    session.expire_all()
    assert carry_on(session, now=now) == 0, "the others wait for the last day"
    assert go_on(session, limit=10, now=now) == 3
    assert carry_on(session, now=now) == 1
    assert steps(session) == {hurries: Progress.MOVED, waits: Progress.MOVED}
    assert verify(session) == []


def test_once_all_its_days_are_closed_a_time_between_them_is_proposed(
    session: WriteSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.closings.actions.AT_ONCE", 1)
    saturday = SUNDAY - timedelta(days=1)
    last, now = saturday + timedelta(days=7), at(saturday, hour=7)
    later, soon = Town(session), Town(session)
    (waits,), (hurries,) = later.people(1, day=saturday, first=10 * 60), soon.people(1, day=saturday)
    asked = closing_of([later.queue.id, soon.queue.id], day=saturday)
    asked["days"] += [QueueDay(town.queue.id, last) for town in (later, soon)]
    close(session, **asked, actor=STAFF["actor"], now=now)
    assert (carry_on(session, now=now), appointment_of(session, hurries).day > last) == (1, True)
    go_on(session, limit=10, now=now)
    assert carry_on(session, now=now) == 1
    assert appointment_of(session, waits).day == SUNDAY


def test_of_a_large_closing_without_anybody_soon_nobody_is_told_before_its_last_day(
    session: WriteSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.closings.actions.AT_ONCE", 1)
    towns = [Town(session), Town(session)]
    for town in towns:
        town.people(1)
    early = at(SUNDAY, hour=6) - timedelta(minutes=5)
    change_id = close(session, **closing_of([each.queue.id for each in towns]), actor=STAFF["actor"], now=early)
    assert carry_on(session, now=early + UNDO) == 0
    undo(session, change_id=change_id, actor=STAFF["actor"], now=early + UNDO)
    assert (steps(session), _told(session)) == ({}, [])
    assert verify(session) == []


def test_a_press_that_comes_twice_closes_once(session: WriteSession) -> None:
    town = Town(session)
    assert _closed(session, town) == _closed(session, town)


def test_every_office_of_a_province_closes_but_none_outside_the_scope(session: WriteSession) -> None:
    inside, beside = Town(session, province_code="IR-30"), Town(session, province_code="IR-23")
    within = Scope(frozenset({province("IR-30")}))
    assert queue_days(session, scope=within, days=[SUNDAY]) == [QueueDay(inside.queue.id, SUNDAY)]
    everything = queue_days(session, scope=EVERYWHERE, province_code="IR-23", days=[SUNDAY])
    assert everything == [QueueDay(beside.queue.id, SUNDAY)]
    with pytest.raises(OutOfReach):
        close(session, **closing_of([inside.queue.id, beside.queue.id]), actor=acting(5, may=within), now=NOW)
    with pytest.raises(NothingToClose):
        close(session, **closing_of([inside.queue.id]) | {"days": []}, **STAFF)


def test_what_is_foreseen_is_what_happens(session: WriteSession) -> None:
    town = Town(session)
    town.people(4)
    by = DayCut(kind=CutKind.CLOSE, opens=8 * 60, closes=8 * 60 + 15, counters=1)
    seen = foresee_closing(session, days=[QueueDay(town.queue.id, SUNDAY)], by=by, now=NOW)
    assert (seen.number, seen.at_their_office, seen.elsewhere, seen.nowhere) == (1, 1, 0, 0)
    assert seen.first == at(SUNDAY, hour=8)
    _closed(session, town, by=by)
    assert len(steps(session)) == 1


async def test_somebody_is_moved_or_it_is_taken_back_and_never_both(storage: Storage) -> None:
    def prepare(session: WriteSession) -> int:
        town = Town(session)
        town.people(6)
        change_id = _closed(session, town)
        session.execute(update(Change).values(carry_from=NOW))
        return change_id

    change_id = await storage.write(prepare)
    acts = [storage.write(carry_on, limit=2, now=NOW), storage.write(undo, change_id=change_id, **STAFF)]
    ended = await asyncio.gather(
        *acts, *(storage.write(carry_on, limit=2, now=NOW) for _ in range(3)), return_exceptions=True
    )
    counts = [each for each in ended if isinstance(each, int)]
    refused = [each for each in ended if isinstance(each, BaseException)]
    assert [type(each) for each in refused] in ([], [TooLateToUndo])
    assert sum(counts) == (6 if refused else 0)
    assert await storage.read(verify) == []


STORIES = stories_of(globals())


@pytest.mark.postgres
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
async def test_the_same_on_postgresql(storage: Storage, story: Story) -> None:
    await tell(story, storage)
