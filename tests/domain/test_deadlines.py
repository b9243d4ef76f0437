"""Deadlines of whatever subject: a toy kind, as a new subject would bring it, runs, stands still, is kept or lapses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Integer, bindparam, select
from sqlalchemy.orm import Session

from desk.deadlines import actions, rules
from desk.deadlines.jobs import JOBS
from desk.deadlines.models import Deadline
from desk.deadlines.queries import current, due_of
from desk.deadlines.rows import CurrentDeadline
from desk.deadlines.rules import DeadlineKind, DeadlineLevel, Promise, Side
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.storage.signals import ChangedRow
from desk.verify import verify
from tests.makers import NOW

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FEED = DeadlineKind(code="feed", owed_by=Side.DESK, soon=2 * HOUR)
WALK = DeadlineKind(code="walk", owed_by=Side.DESK)
ADOPT = DeadlineKind(code="adopt", owed_by=Side.PERSON, lapses=True)
_ID = bindparam("id", type_=Integer)
_NEXT = current("pets", _ID, owed_by=Side.DESK, name="next")


@pytest.fixture(autouse=True)
def toy_kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (FEED, WALK, ADOPT):
        monkeypatch.setitem(rules.KINDS, kind.code, kind)


def next_due(session: Session, pet: int = 7) -> CurrentDeadline | None:
    row = session.execute(select(*_NEXT.columns).where(_NEXT.of), {"id": pet}).one_or_none()
    return None if row is None else due_of(row)


def start(session: WriteSession, **lengths: timedelta) -> None:
    promises = [Promise(rules.KINDS[code], length) for code, length in lengths.items()]
    actions.start(session, subject="pets", subject_id=7, promises=promises, now=NOW)


def test_the_soonest_counts_until_it_is_met_and_the_last_one_after_that(session: WriteSession) -> None:
    assert next_due(session) is None
    start(session, walk=5 * DAY, feed=DAY)
    assert next_due(session) == CurrentDeadline("feed", NOW + DAY, is_running=True)
    actions.meet(session, subject="pets", subject_id=7, kinds=["feed"], now=NOW)
    assert next_due(session) == CurrentDeadline("walk", NOW + 5 * DAY, is_running=True)
    actions.meet(session, subject="pets", subject_id=7, now=NOW)
    assert next_due(session) == CurrentDeadline("walk", NOW + 5 * DAY, is_running=False)
    assert verify(session) == []


def test_what_is_promised_anew_takes_the_place_of_what_was_owed(session: WriteSession) -> None:
    start(session, walk=5 * DAY, feed=DAY)
    actions.meet(session, subject="pets", subject_id=7, kinds=["feed"], now=NOW)
    start(session, walk=9 * DAY)
    assert next_due(session) == CurrentDeadline("walk", NOW + 9 * DAY, is_running=True)
    history = session.execute(
        select(Deadline.kind, Deadline.met_at, Deadline.dropped_at).order_by(Deadline.is_running)
    ).all()
    assert sorted(map(tuple, history[:2])) == [("feed", NOW, None), ("walk", None, NOW)]
    assert verify(session) == []


def test_it_is_late_from_the_moment_on_and_soon_as_its_kind_says(session: WriteSession) -> None:
    start(session, feed=DAY)
    due = next_due(session)
    assert due is not None
    levels = [due.level(due.at - before) for before in (3 * HOUR, HOUR, timedelta(0), -timedelta(seconds=1))]
    assert levels == [DeadlineLevel.AHEAD, DeadlineLevel.SOON, DeadlineLevel.SOON, DeadlineLevel.LATE]
    now = bindparam("now", due.at + HOUR, type_=Deadline.due_at.type)
    for moment, late in ((due.at, []), (due.at + timedelta(seconds=1), [7])):
        found = select(_NEXT.table.c.subject_id).where(_NEXT.of, _NEXT.is_late(now))
        assert session.scalars(found, {"id": 7, "now": moment}).all() == late
        assert due.is_late(moment) == bool(late)


def test_what_stands_still_is_due_later_by_as_long(session: WriteSession) -> None:
    start(session, feed=DAY)
    actions.pause(session, subject="pets", subject_id=7, now=NOW + HOUR)
    standing = next_due(session)
    assert standing is not None
    assert standing.level(NOW + 9 * DAY) is None
    actions.resume(session, subject="pets", subject_id=7, now=NOW + 3 * DAY)
    assert next_due(session) == CurrentDeadline("feed", NOW + 4 * DAY - HOUR, is_running=True)
    assert verify(session) == []


def test_an_answer_that_was_not_the_last_is_owed_by_the_same_day(session: WriteSession) -> None:
    start(session, feed=DAY)
    actions.meet(session, subject="pets", subject_id=7, now=NOW)
    actions.owe_again(session, subject="pets", subject_id=7, now=NOW + HOUR)
    assert next_due(session) == CurrentDeadline("feed", NOW + DAY, is_running=True)


def test_what_was_met_while_it_stood_still_can_be_owed_again(session: WriteSession) -> None:
    start(session, feed=DAY)
    actions.pause(session, subject="pets", subject_id=7, now=NOW + HOUR)
    actions.meet(session, subject="pets", subject_id=7, now=NOW + 3 * HOUR)
    assert next_due(session) == CurrentDeadline("feed", NOW + DAY + 2 * HOUR, is_running=False)
    actions.owe_again(session, subject="pets", subject_id=7, now=NOW + 5 * HOUR)
    assert next_due(session) == CurrentDeadline("feed", NOW + DAY + 2 * HOUR, is_running=True)
    assert verify(session) == []


@pytest.mark.parametrize("way", ["owed again", "resumed"])
def test_what_runs_again_has_the_level_of_that_moment(session: WriteSession, way: str) -> None:
    """Nobody would look at it any more: what it was before would stay in the lists."""
    start(session, feed=DAY)
    if way == "owed again":
        actions.meet(session, subject="pets", subject_id=7, now=NOW + HOUR)
        actions.owe_again(session, subject="pets", subject_id=7, now=NOW + 9 * DAY)
    else:
        actions.pause(session, subject="pets", subject_id=7, now=NOW + 9 * DAY)
        actions.resume(session, subject="pets", subject_id=7, now=NOW + 10 * DAY)
    assert session.execute(select(Deadline.level, Deadline.look_at)).all() == [(DeadlineLevel.LATE, None)]


async def test_one_duty_looks_at_every_kind_and_tells_the_lists_once(storage: Storage) -> None:
    told: list[frozenset[ChangedRow]] = []
    (job,) = JOBS

    def begin(session: WriteSession) -> None:
        start(session, feed=DAY, walk=9 * DAY)
        promise = [Promise(ADOPT, DAY - HOUR)]
        actions.start(session, subject="pets", subject_id=7, owed_by=Side.PERSON, promises=promise, now=NOW)

    def at(session: WriteSession, hours: int) -> int:
        number = job.run(session, now=NOW + hours * HOUR, limit=10)
        told.append(session.changes)
        return number

    await storage.write(begin)
    # The person's day begins as SOON; of the desk's own the meal is soon after 22 hours, and late after 24.
    assert [await storage.write(at, hours=hours) for hours in (1, 23, 23, 25, 25)] == [0, 1, 0, 2, 0]
    assert [bool(each) for each in told] == [False, True, False, True, False]

    def stands(session: Session) -> dict[str, tuple[int, bool]]:
        rows = session.execute(select(Deadline.kind, Deadline.level, Deadline.is_running))
        return {kind: (level, is_running) for kind, level, is_running in rows}

    assert await storage.read(stands) == {"feed": (2, True), "walk": (0, True), "adopt": (2, False)}
    assert await storage.read(verify) == []
