"""Two programs on one PostgreSQL: what one commits the other hears, in both directions."""

from __future__ import annotations

import asyncio
import sys

import pytest

from desk.acting import SYSTEM
from desk.events import actions as events
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.storage.relay import Relay
from desk.storage.signals import EVERYTHING, Change
from tests.makers import NOW

pytestmark = pytest.mark.postgres

LONG = 30
"""Seconds that only end a test which fails."""

OTHER = """
import asyncio, sys
from datetime import datetime, UTC
from desk.acting import SYSTEM
from desk.events import actions as events
from desk.storage.engine import Storage
from desk.storage.relay import Relay

def change(session, number):
    events.note(session, kind="office.update", subject=f"office:{number}", actor=SYSTEM, now=datetime.now(UTC))

async def main(url):
    async with Storage(url, pool_size=1) as storage:
        relay = Relay(storage)
        telling = asyncio.create_task(relay.run())
        heard = []
        storage.signals.subscribe(lambda changes: heard.extend(changes))
        while not relay.hears:
            await asyncio.sleep(0.02)
        print("ready", flush=True)
        while ("office", 8) not in heard:
            await asyncio.sleep(0.02)
        print("heard 8", flush=True)
        await storage.write(change, 7)
        await asyncio.to_thread(sys.stdin.readline)
        telling.cancel()

asyncio.run(main(sys.argv[1]))
"""


def change(session: WriteSession, *, number: int) -> None:
    events.note(session, kind="office.update", subject=f"office:{number}", actor=SYSTEM, now=NOW)


async def until(heard: set[Change], wanted: Change) -> None:
    async with asyncio.timeout(LONG):
        while wanted not in heard:
            await asyncio.sleep(0.02)


async def test_what_one_program_commits_the_other_hears(database_url: str) -> None:
    other = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", OTHER, database_url), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert other.stdout is not None
    assert other.stdin is not None
    heard: set[Change] = set()
    async with Storage(database_url, pool_size=2) as storage:
        relay = Relay(storage)
        storage.signals.subscribe(heard.update)
        telling = asyncio.get_running_loop().create_task(relay.run())
        try:
            async with asyncio.timeout(LONG):
                assert await other.stdout.readline() == b"ready\n"
            await until(heard, EVERYTHING)  # a connection that was just opened may have missed something
            await storage.write(change, number=8)
            async with asyncio.timeout(LONG):
                assert await other.stdout.readline() == b"heard 8\n"
            await until(heard, ("office", 7))
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)
            other.stdin.write(b"\n")
            await other.wait()


async def test_a_reading_is_told_to_nobody(database_url: str) -> None:
    heard: set[Change] = set()
    async with Storage(database_url, pool_size=1) as storage:
        storage.signals.subscribe(heard.update)
        await storage.write(
            lambda session: events.note(
                session, kind="case.read", subject="case:8", actor=SYSTEM, is_told=False, now=NOW
            )
        )
        assert heard == set()
