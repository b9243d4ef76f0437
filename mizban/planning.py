"""Makes the days of all queues that lack some, and says how far it is."""

from __future__ import annotations

from collections.abc import Callable

from desk.capacity.jobs import roll, windows_to_roll
from desk.clock import Clock
from desk.storage.engine import Storage

TOLD_EVERY = 50
"""Queues between two lines of progress."""


async def plan_all(storage: Storage, clock: Clock, *, told: Callable[[str], None]) -> int:
    """Make the days of each queue that lacks some or whose rules changed, one queue a transaction; returns how many.

    What was done stays done: killed half way, the next run goes on with the others. The job of the timetable may do the
    same beside it. `told` hears a line for every fifty queues.
    """
    queues = await storage.read(windows_to_roll, now=clock.now())
    for number, queue_id in enumerate(queues, start=1):
        await storage.write(roll, id=queue_id, now=clock.now())
        if number % TOLD_EVERY == 0 or number == len(queues):
            told(f"{number:,} of {len(queues):,} queues: their days are made.")
    return len(queues)
