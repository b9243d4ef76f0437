"""Making the days of 1,000 offices anew, killed half way and gone on with: how long all of it takes."""

from __future__ import annotations

import asyncio
import multiprocessing
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from queue import Empty
from time import perf_counter
from typing import Any

from sqlalchemy import func, select, update

from benchmarks.databases import postgres_database, postgres_server
from benchmarks.figures import Figure, Rounds
from desk.capacity.models import OpeningRule, Queue, Slot
from desk.capacity.rules import WINDOW_DAYS
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.storage.migrate import upgrade
from mizban.planning import TOLD_EVERY, plan_all
from tests.keys import KEYS
from tests.makers import NOW, make_office, make_queue, make_service
from tests.makers_hours import make_rule

OFFICES = 1_000
KILLED_AT = 0.4
"""The part of the queues that is done when the first run is killed."""


class Fixed:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW


def measure(*, rounds: int) -> Iterator[Figure]:
    """Once on each database, however many rounds."""
    with _sqlite() as url:
        yield from _measured("SQLite", url)
    with postgres_server() as server, postgres_database(server) as url:
        yield from _measured("PostgreSQL", url)


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="mizban-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        upgrade(url, keys=KEYS)
        yield url


def _measured(name: str, url: str) -> Iterator[Figure]:
    asyncio.run(_on(url, _lay_out))
    begun = perf_counter()
    asyncio.run(_plan(url, told=lambda line: None))
    first = perf_counter() - begun
    places = asyncio.run(_on(url, _count))
    asyncio.run(_on(url, _other_rules))
    killed_after = _killed(url)
    told: list[str] = []
    begun = perf_counter()
    left = asyncio.run(_plan(url, told=told.append))
    rest = perf_counter() - begun
    if not 0 < left < OFFICES:
        raise RuntimeError(f"It was to be killed half way, and {left} queues were left.")
    note = f"{places:,} starts of {WINDOW_DAYS} days"
    yield Figure(f"days of {OFFICES:,} offices for the first time, {name}", Rounds.of([first]), "s", note=note)
    note = (
        f"killed after {killed_after:.0f} s with {OFFICES - left} queues done; {len(told)} lines of progress after it"
    )
    yield Figure(
        f"days of {OFFICES:,} offices by other rules, {name}", Rounds.of([rest * OFFICES / left]), "s", note=note
    )


async def _plan(url: str, *, told: Callable[[str], None]) -> int:
    async with Storage(url, keys=KEYS) as storage:
        return await plan_all(storage, Fixed(), told=told)


def _killed(url: str) -> float:
    """Begin in a process of its own and kill it (-9) on the way; the seconds it had."""
    spawn = multiprocessing.get_context("spawn")
    told: Any = spawn.Queue()
    process = spawn.Process(target=_tell, args=(url, told))
    begun = perf_counter()
    process.start()
    while process.is_alive():
        try:
            done = told.get(timeout=1)
        except Empty:
            continue
        if done >= OFFICES * KILLED_AT:
            process.kill()
            process.join()
    return perf_counter() - begun


def _tell(url: str, told: Any) -> None:
    done = 0

    def note(line: str) -> None:
        nonlocal done
        done += TOLD_EVERY
        told.put(done)

    asyncio.run(_plan(url, told=note))


async def _on(url: str, work: Callable[[WriteSession], Any]) -> Any:
    async with Storage(url, keys=KEYS) as storage:
        return await storage.write(work)


def _lay_out(session: WriteSession) -> None:
    """Offices that are open on six days from eight to four, with two counters, a quarter of an hour a person."""
    service = make_service(session)
    for number in range(OFFICES):
        queue = make_queue(session, office=make_office(session, code=f"P-{number}"), services=[service])
        for weekday in range(6):
            make_rule(session, queue=queue, weekday=weekday, opens=8 * 60, closes=16 * 60)
    session.expunge_all()


def _other_rules(session: WriteSession) -> None:
    """Every queue has a counter more on each day."""
    session.execute(update(OpeningRule).values(counters=OpeningRule.counters + 1))
    session.execute(update(Queue).values(rule_version=Queue.rule_version + 1))


def _count(session: WriteSession) -> int:
    return int(session.scalar(select(func.count()).select_from(Slot)) or 0)
