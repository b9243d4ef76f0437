"""Making the days of many offices is killed in the middle, and goes on: no slot twice, none missing."""

from __future__ import annotations

import asyncio
import signal
from collections import defaultdict
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.capacity.jobs import windows_to_roll
from desk.capacity.models import Slot
from desk.capacity.rules import WINDOW_DAYS
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from mizban.jobs import Jobs
from tests import programs
from tests.keys import KEYS
from tests.makers import NOW, TODAY, make_office, make_queue, make_service
from tests.makers_hours import make_rule

QUEUES, BEFORE_IT_DIES, A_DAY = 8, 3, 24
LONG = 120
"""Seconds that only end a test which fails."""


class Still:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW


def lay_out(session: WriteSession) -> None:
    """Queues that are open every day from 8:00 to 14:00, a quarter of an hour each."""
    service = make_service(session)
    for _ in range(QUEUES):
        queue = make_queue(session, office=make_office(session), services=[service])
        for weekday in range(7):
            make_rule(session, queue=queue, weekday=weekday)


def made(session: Session) -> dict[int, dict[date, list[datetime]]]:
    """The starts by queue and day."""
    found: dict[int, dict[date, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    for queue_id, day, starts_at in session.execute(select(Slot.queue_id, Slot.day, Slot.starts_at)):
        found[queue_id][day].append(starts_at)
    return found


async def test_what_was_killed_in_the_middle_goes_on_where_it_was(database_url: str) -> None:
    async with Storage(database_url, keys=KEYS, pool_size=1) as storage:
        await storage.write(lay_out)
    filler = await asyncio.to_thread(programs.start, "tests.storage.dying_filler", database_url, str(BEFORE_IT_DIES))
    try:
        assert await asyncio.to_thread(filler.wait, LONG) == -signal.SIGKILL, filler.complaints()
    finally:
        filler.close()
    async with Storage(database_url, keys=KEYS, pool_size=1) as storage:
        left = await storage.read(windows_to_roll, now=NOW)
        before = await storage.read(made)
        assert (len(left), len(before)) == (QUEUES - BEFORE_IT_DIES, BEFORE_IT_DIES)
        assert not before.keys() & set(left)
        assert await Jobs(storage=storage, clock=Still()).run("roll_windows") == len(left)
        after = await storage.read(made)
        assert len(after) == QUEUES
        assert all(after[queue_id] == days for queue_id, days in before.items())
        [first, *others] = [{day: sorted(starts) for day, starts in days.items()} for days in after.values()]
        assert all(each == first for each in others)
        assert len(first) == WINDOW_DAYS
        assert all(len(set(starts)) == len(starts) == A_DAY for day, starts in first.items() if day != TODAY)
        assert await storage.read(windows_to_roll, now=NOW) == []
        assert await storage.read(verify) == []
