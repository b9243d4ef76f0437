"""A program that makes the days of all queues and is killed (-9) within the transaction of one of them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import datetime

from desk.capacity.jobs import roll, windows_to_roll
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.keys import KEYS
from tests.makers import NOW


def make_and_die(session: WriteSession, *, id: int, now: datetime) -> None:
    roll(session, id=id, now=now)
    session.flush()
    os.kill(os.getpid(), signal.SIGKILL)


async def main(url: str, *, done_before: int) -> None:
    """As the job goes through them."""
    async with Storage(url, keys=KEYS, pool_size=1) as storage:
        for nth, id in enumerate(await storage.read(windows_to_roll, now=NOW)):
            await storage.write(make_and_die if nth == done_before else roll, id=id, now=NOW)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], done_before=int(sys.argv[2])))
