"""Days that differ keep what was said of them when they come to hold several hours, and back."""

from __future__ import annotations

from asyncio import to_thread
from datetime import timedelta
from typing import Any

from desk.acting import SYSTEM
from desk.capacity.actions import set_exception
from desk.capacity.models import ExceptionKind
from desk.capacity.queries import exceptions_of
from desk.capacity.rules import DayHours
from desk.storage import migrate
from desk.storage.base import ReadSession, WriteSession
from desk.storage.engine import Storage
from tests.keys import KEYS
from tests.makers import NOW, TODAY, make_queue, make_service
from tests.makers_hours import make_rule

Given = dict[str, Any]
DAYS: tuple[Given, ...] = (
    {"kind": ExceptionKind.CLOSED},
    {"kind": ExceptionKind.HOURS, "hours": [DayHours(480, 600, 3), DayHours(720, 800)]},
    {"kind": ExceptionKind.HOURS, "counters": 1},
    {"kind": ExceptionKind.EXTRA, "hours": [DayHours(960, 1020)]},
)


def make(session: WriteSession) -> int:
    queue = make_queue(session, services=[make_service(session)])
    for weekday in range(7):
        make_rule(session, queue=queue, weekday=weekday)
    for ahead, given in enumerate(DAYS, start=1):
        day = TODAY + timedelta(days=ahead)
        set_exception(session, queue_id=queue.id, day=day, **given, actor=SYSTEM, now=NOW)
    return queue.id


async def test_hours_of_before_are_the_only_ones_of_their_day_and_the_first_ones_go_back(database_url: str) -> None:
    async with Storage(database_url, keys=KEYS) as storage:
        queue_id = await storage.write(make)
    await to_thread(migrate.downgrade, database_url, keys=KEYS, revision="0063")
    async with Storage(database_url, keys=KEYS) as storage, storage.engine.connect() as connection:
        rows = await connection.exec_driver_sql(
            "SELECT kind, opens, closes, counters FROM capacity_exceptions ORDER BY day"
        )
        before = [tuple(row) for row in rows]
    await to_thread(migrate.upgrade, database_url, keys=KEYS)

    def kept(session: ReadSession) -> list[tuple[ExceptionKind, tuple[DayHours, ...], int | None]]:
        return [(row.kind, row.hours, row.counters) for row in exceptions_of(session, queue_id=queue_id)]

    async with Storage(database_url, keys=KEYS) as storage:
        after = await storage.read(kept)

    assert before == [
        ("closed", None, None, None),
        ("hours", 480, 600, 3),
        ("hours", None, None, 1),
        ("hours", 960, 1020, None),
    ]
    assert after == [
        (ExceptionKind.CLOSED, (), None),
        (ExceptionKind.HOURS, (DayHours(480, 600),), 3),
        (ExceptionKind.HOURS, (), 1),
        (ExceptionKind.HOURS, (DayHours(960, 1020),), None),
    ]
