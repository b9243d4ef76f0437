"""A draw of 100,000 requests over 20,000 places as it is stored: its list is closed, and its order is written.

It is driven as the job drives it, one transaction after the other; how far it is, is said after each. Each run is a
process of its own, whose CPU seconds are told beside the seconds.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Iterator
from datetime import timedelta
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import insert, select

from benchmarks.databases import in_processes
from benchmarks.figures import Figure, Rounds
from desk.acting import SYSTEM
from desk.capacity.models import Slot, SlotStatus
from desk.draws import actions
from desk.draws.models import Draw
from desk.draws.rows import DrawPlan
from desk.draws.rules import DrawState
from desk.draws.running import run_draws
from desk.draws.seeds import bytes_of_word, commitment
from desk.storage.base import ReadSession, WriteSession
from desk.storage.engine import Storage
from desk.storage.upsert import table_of
from desk.waiting.models import StandingRequest, StandingRequestPlace
from desk.waiting.rules import RequestState
from tests.keys import KEYS
from tests.makers import NOW, TODAY, at, make_conversation, make_office, make_queue, make_service

REQUESTS, PLACES, OFFICES = 100_000, 20_000, 40
A_START = 10
"""Places of each start."""
PROVINCE = "IR-30"
DAY = TODAY + timedelta(days=10)
CLOSES, DRAWN = at(TODAY + timedelta(days=3), hour=12), at(TODAY + timedelta(days=3), hour=18)
WORD = "a word for the benchmark"
MOST_SECONDS = 60.0


def measure(*, rounds: int) -> Iterator[Figure]:
    """The figures of both databases."""
    for name, taken in in_processes(run, fill=_fill, rounds=rounds):
        closing, drawing, cpu = zip(*taken, strict=True)
        whole = [one + other for one, other in zip(closing, drawing, strict=True)]
        note = f"{REQUESTS} requests over {PLACES} places; CPU seconds of our process: {min(cpu):.1f}"
        yield Figure(f"draw {name}", Rounds.of(whole), "s", must=MOST_SECONDS, note=note)
        yield Figure(f"closing its list {name}", Rounds.of(closing), "s")


Taken = tuple[float, float, float]
"""Seconds of closing the list and of drawing, and the CPU seconds of both."""


def run(url: str) -> Taken:
    """Close the list and draw, as the job does."""
    return asyncio.run(_run(url))


async def _run(url: str) -> Taken:
    async with Storage(url, keys=KEYS) as storage:
        begun, worked = perf_counter(), process_time()
        await storage.write(run_draws, now=CLOSES)
        closed = perf_counter()
        await storage.write(_decide)
        while not await storage.read(_is_drawn):
            await storage.write(run_draws, now=DRAWN)
        ended = perf_counter()
    return closed - begun, ended - closed, process_time() - worked


def _is_drawn(session: ReadSession) -> bool:
    """Whether the result is visible; says how far it is, as the public page does."""
    draw = session.scalars(select(Draw)).one()
    print(f"drawn: {draw.done} of {draw.listed}", file=sys.stderr)  # noqa: T201  # the progress of the benchmark
    return draw.state is DrawState.DRAWN


def _decide(session: WriteSession) -> None:
    draw_id = session.scalars(select(Draw.id)).one()
    actions.type_figure(session, draw_id=draw_id, figure="1234567", actor=SYSTEM, now=CLOSES)
    actions.reveal_word(session, draw_id=draw_id, word=WORD, actor=SYSTEM, now=CLOSES)


async def _fill(url: str) -> None:
    async with Storage(url, keys=KEYS) as storage:
        await storage.write(_desk)


def _desk(session: WriteSession) -> None:
    """The offices of a province with the starts of five days, everybody who asks, and the announced draw."""
    chance = random.Random(1405)  # the same province each time
    service = make_service(session)
    offices = [make_office(session, code=f"D-{n}", province_code=PROVINCE) for n in range(OFFICES)]
    queues = [make_queue(session, office=office, services=[service]).id for office in offices]
    session.execute(insert(table_of(Slot)), list(_starts(queues)))
    chat = make_conversation(session)
    requests: list[dict[str, Any]] = []
    places: list[dict[str, Any]] = []
    for id in range(1, REQUESTS + 1):
        since = NOW - timedelta(minutes=chance.randrange(60 * 24 * 50))
        requests.append(
            {"id": id, "public_id": f"{id:016d}", "idem_key": f"bench:{id}", "conversation_id": chat.id}
            | {"people": chance.choice((1, 1, 1, 2, 4)), "service_id": service.id, "state": RequestState.WAITING}
            | {"is_waiting": True, "since": since, "rank_at": since, "weekdays": 127, "parts": 7, "lapses": 0}
            | {"from_day": TODAY, "until_day": TODAY + timedelta(days=60), "looked_until": TODAY}
        )
        if chance.random() < 0.5:
            places.append({"request_id": id, "office_id": None, "province_code": PROVINCE})
            continue
        for office in chance.sample(offices, chance.randrange(1, 4)):
            places.append({"request_id": id, "office_id": office.id, "province_code": None})
    session.execute(insert(table_of(StandingRequest)), requests)
    session.execute(insert(table_of(StandingRequestPlace)), places)
    _announce(session, service_id=service.id)


def _starts(queues: list[int]) -> Iterator[dict[str, Any]]:
    starts = PLACES // A_START // len(queues) // 5
    for queue_id in queues:
        for nth in range(5):
            day = DAY + timedelta(days=nth)
            for start in range(starts):
                yield (
                    {"queue_id": queue_id, "starts_at": at(day, hour=8) + timedelta(minutes=15 * start), "day": day}
                    | {"minutes": 15, "planned": A_START, "capacity": A_START, "remaining": A_START, "is_open": True}
                    | {"status": SlotStatus.LIVE, "rule_version": 1}
                )


def _announce(session: WriteSession, *, service_id: int) -> None:
    plan = DrawPlan(
        service_id=service_id,
        province_code=PROVINCE,
        first_day=DAY,
        last_day=DAY + timedelta(days=4),
        closes_at=CLOSES,
        figure_name="the closing index of that day",
        figure_digits=7,
    )
    draw_id = actions.prepare(session, plan=plan, actor=SYSTEM, now=NOW)
    hashed = commitment(bytes_of_word(WORD))
    actions.commit_word(session, draw_id=draw_id, word_hash=hashed, actor=SYSTEM, now=NOW)
    actions.announce(session, draw_id=draw_id, actor=SYSTEM, now=NOW)
