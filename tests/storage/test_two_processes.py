"""Two programs on one PostgreSQL: what one commits the other hears, with its office and day, in both directions."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from desk.acting import SYSTEM
from desk.events import actions as events
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.storage.relay import Relay
from desk.storage.signals import EVERYTHING, ChangedRow
from tests import programs
from tests.keys import KEYS
from tests.makers import NOW, TODAY
from tests.programs import Program

pytestmark = pytest.mark.postgres

LONG = 120
"""Seconds that only end a test which fails."""


def change(session: WriteSession, *, number: int) -> None:
    events.note(
        session, kind="day.set", subject=f"queue:{number}", actor=SYSTEM, office_id=number * 10, day=TODAY, now=NOW
    )


async def line_of(other: Program) -> bytes:
    return await asyncio.wait_for(asyncio.to_thread(other.out.readline), LONG)


async def until(heard: set[ChangedRow], wanted: ChangedRow) -> None:
    async with asyncio.timeout(LONG):
        while wanted not in heard:
            await asyncio.sleep(0.02)


async def test_what_one_program_commits_the_other_hears(database_url: str) -> None:
    other = await asyncio.to_thread(programs.start, "tests.storage.other_program", database_url)
    heard: set[ChangedRow] = set()
    async with Storage(database_url, keys=KEYS, pool_size=2) as storage:
        relay = Relay(storage)
        storage.signals.subscribe(heard.update)
        telling = asyncio.get_running_loop().create_task(relay.run())
        try:
            assert await line_of(other) == b"ready\n"
            await until(heard, EVERYTHING)  # a connection that was just opened may have missed something
            await storage.write(change, number=8)
            assert await line_of(other) == b"heard 8\n"
            await until(heard, ChangedRow("queue", 7, 70, TODAY - timedelta(days=1)))
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)
            other.close()


async def test_a_reading_is_told_to_nobody(database_url: str) -> None:
    heard: set[ChangedRow] = set()
    async with Storage(database_url, keys=KEYS, pool_size=1) as storage:
        storage.signals.subscribe(heard.update)
        await storage.write(
            lambda session: events.note(
                session, kind="case.read", subject="case:8", actor=SYSTEM, is_told=False, now=NOW
            )
        )
        assert heard == set()
