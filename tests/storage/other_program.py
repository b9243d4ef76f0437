"""The other of two programs on one database: it waits for a change of queue 8, then makes one of queue 7."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, date, datetime

from desk.acting import SYSTEM
from desk.events import actions as events
from desk.storage import relay as relaying
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.storage.relay import Relay
from desk.storage.signals import ChangedRow
from tests.keys import KEYS


def change(session: WriteSession, *, number: int) -> None:
    now = datetime.now(UTC)  # noqa: TID251  # a program of its own, with the time of the machine
    day = date(2026, 11, 20)
    events.note(
        session, kind="day.set", subject=f"queue:{number}", actor=SYSTEM, office_id=number * 10, day=day, now=now
    )


async def main(url: str) -> None:
    """Tell on standard output how far it is, and stay connected until it is killed."""
    relaying.PROBE_PATIENCE = 120  # a busy machine may be slow to prove it
    async with Storage(url, keys=KEYS, pool_size=1) as storage:
        relay = Relay(storage)
        telling = asyncio.get_running_loop().create_task(relay.run())
        heard: list[ChangedRow] = []
        storage.signals.subscribe(heard.extend)
        while not relay.hears:
            await asyncio.sleep(0.02)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while ChangedRow("queue", 8, 80, date(2026, 11, 21)) not in heard:
            await asyncio.sleep(0.02)
        sys.stdout.write("heard 8\n")
        sys.stdout.flush()
        await storage.write(change, number=7)
        await telling


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
