"""Searching for free times at 10 thousand and at 2 million appointments: the answer must not grow with them."""

from __future__ import annotations

import asyncio
import random
import statistics
from collections.abc import Callable
from time import perf_counter

from benchmarks.databases import postgres_database, postgres_server, sqlite_database
from benchmarks.figures import Figure, Rounds
from benchmarks.nation import Nation
from desk.capacity.queries import first_free, free_days, free_times, soonest_elsewhere
from desk.storage.base import ReadSession
from desk.storage.engine import Storage
from tests.keys import KEYS
from tests.makers import NOW

FEW = 10_000
MANY = 2_000_000
SEARCHES = 200


def search(session: ReadSession, *, service_id: int, office_id: int) -> int:
    """What the booking chat asks for one office: the first times, the next days, the times of the first day."""
    soonest = first_free(session, service_id=service_id, office_ids=[office_id], after=NOW, limit=3)
    days = free_days(session, service_id=service_id, office_id=office_id, after=NOW, limit=6)
    times = free_times(session, service_id=service_id, office_id=office_id, day=days[0].day, after=NOW)
    return len(soonest) + len(days) + len(times)


def search_everywhere(session: ReadSession, *, service_id: int, office_id: int) -> int:
    """What the chat asks where an office has nothing and none is known to be near: the soonest of all offices."""
    return len(
        soonest_elsewhere(
            session, service_id=service_id, near=None, province_code=None, except_office=office_id, after=NOW
        )
    )


async def timed(nation: Nation, *, rounds: int, query: Callable[..., int] = search) -> tuple[list[float], list[float]]:
    """Median and 99th percentile of a search in ms, a value a round."""
    chance = random.Random(7)
    medians, worst = [], []
    async with Storage(nation.url.render_as_string(hide_password=False), keys=KEYS) as storage:
        for _ in range(rounds):
            took = []
            for _ in range(SEARCHES):
                begun = perf_counter()
                found = await storage.read(query, service_id=nation.service, office_id=chance.choice(nation.offices))
                took.append((perf_counter() - begun) * 1000)
                if found == 0:
                    raise RuntimeError("The search found nothing, so its time says nothing.")
            medians.append(statistics.median(took))
            worst.append(statistics.quantiles(took, n=100)[98])
    return medians, worst


async def on(url: str, name: str, *, rounds: int, worst_ms: float) -> list[Figure]:
    nation = Nation(url)
    await nation.settle()
    await nation.book(FEW)
    await timed(nation, rounds=1)  # warm
    few, _ = await timed(nation, rounds=rounds)
    few_all, _ = await timed(nation, rounds=rounds, query=search_everywhere)
    await nation.book(MANY)
    await timed(nation, rounds=1)
    many, worst = await timed(nation, rounds=rounds)
    many_all, _ = await timed(nation, rounds=rounds, query=search_everywhere)
    slots = "1.92 M slots; three searches of one office in one read"
    everywhere = "the soonest time of all 1,000 offices that offer the service, each asked"
    return [
        Figure(
            f"search of all offices {name}, 2 M appointments, p50",
            Rounds.of(many_all),
            "ms",
            "at 10 k",
            Rounds.of(few_all),
            1.5,
            note=everywhere,
        ),
        Figure(
            f"search {name}, 2 M appointments, p50", Rounds.of(many), "ms", "at 10 k", Rounds.of(few), 1.5, note=slots
        ),
        Figure(
            f"search {name}, 2 M appointments, p99",
            Rounds.of(worst),
            "ms",
            note=f"goal: {worst_ms} ms on a quiet machine",
        ),
    ]


def measure(*, rounds: int) -> list[Figure]:
    figures = []
    with sqlite_database() as url:
        figures += asyncio.run(on(url, "SQLite", rounds=rounds, worst_ms=5))
    with postgres_server() as server, postgres_database(server) as url:
        figures += asyncio.run(on(url, "PostgreSQL", rounds=rounds, worst_ms=10))
    return figures
