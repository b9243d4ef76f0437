"""The page of the days of all offices: 1,000 offices, fourteen days; 95 of 100 requests, beside a bare page of as many
rows."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import aiohttp
from sqlalchemy import insert

from backoffice.capacity.many_offices import PAGE_SIZE
from benchmarks.children import child, free_port
from benchmarks.databases import postgres_database, postgres_server, sqlite_database
from benchmarks.figures import Figure, Rounds
from desk.calendar import local_day_of
from desk.clock import now
from desk.figures.models import DayFigures
from desk.figures.rules import ABSENCES, DAYS_AHEAD
from desk.staff.permissions import Role
from desk.staff.sign_in import open_session
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.keys import KEYS
from tests.makers import make_appointment, make_office, make_person, make_queue, make_service, make_slot, make_staff

OFFICES = 1_000
PROVINCES = tuple(f"IR-{number:02}" for number in (0, *range(2, 31)))
REQUESTS = 60
PAGES = ("/capacity/offices", "/capacity/offices?order=free", "/capacity/offices?order=absent&page=20")
MOST = 300.0
"""The milliseconds within which 95 of 100 requests have to be answered."""


def lay_out(session: WriteSession) -> str:
    """The offices of a country with the figures of their days, and an administrator signed in: the token."""
    today = local_day_of(now()).date
    service = make_service(session)
    for number in range(OFFICES):
        office = make_office(session, code=f"B-{number}", province_code=PROVINCES[number % len(PROVINCES)])
        queue = make_queue(session, office=office, services=[service])
        if number < PAGE_SIZE:
            make_appointment(
                session, slot=make_slot(session, queue=queue), service=service, person=make_person(session)
            )
        rows = (_figures(queue.id, number, today + timedelta(days=n), n) for n in range(-ABSENCES, DAYS_AHEAD))
        session.execute(insert(DayFigures), list(rows))
    member = make_staff(session, role=Role.ADMINISTRATOR)
    return open_session(session, staff_id=member.id, now=now() - timedelta(seconds=1)).token


def _figures(queue: int, number: int, day: Any, ahead: int) -> dict[str, Any]:
    free = (number * 7 + ahead * 3) % 40 if ahead > number % DAYS_AHEAD else 0
    return {
        **{"day": day, "queue_id": queue, "counted_at": now(), "absent": number % 5, "came": 0, "served": 0},
        **{"planned": 96, "released": 96, "taken": 96 - free, "free": free, "booked": 96 - free},
    }


async def milliseconds(kind: str, url: str, paths: tuple[str, ...], *, token: str, log: Path) -> float:
    """What 95 of 100 requests of a warm server are answered within, one after the other."""
    port = free_port()
    async with (
        child(["benchmarks.page_servers", kind, url, str(port)], log=log, port=port),
        aiohttp.ClientSession(f"http://127.0.0.1:{port}", cookies={"mizban": token}) as browser,
    ):
        taken = []
        for number in range(REQUESTS + 10):
            begun = perf_counter()
            async with browser.get(paths[number % len(paths)], allow_redirects=False) as answer:
                body = await answer.text()
                if answer.status != 200 or "<t" not in body:
                    raise RuntimeError(f"{kind} answered {answer.status}")
            if number >= 10:
                taken.append((perf_counter() - begun) * 1000)
    return sorted(taken)[int(0.95 * len(taken))]


async def on(url: str, name: str, *, rounds: int) -> list[Figure]:
    async with Storage(url, keys=KEYS) as storage:
        token = await storage.write(lay_out)
    bare, page = [], []
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        for _ in range(rounds):
            bare.append(await milliseconds("bare", url, (f"/bare/{PAGE_SIZE}",), token=token, log=log))
            page.append(await milliseconds("desk", url, PAGES, token=token, log=log))
    title, note = (
        f"days of {OFFICES} offices {name}",
        f"{DAYS_AHEAD} days of {PAGE_SIZE} of {OFFICES} offices on a page",
    )
    measured = Rounds.of(page)
    return [
        Figure(f"{title}, 95 of 100 within", measured, "ms", must=MOST, note=note),
        Figure(f"{title}, beside", measured, "ms", f"bare page, {PAGE_SIZE} rows", Rounds.of(bare), note=note),
    ]


def measure(*, rounds: int) -> Iterator[Figure]:
    with sqlite_database() as url:
        yield from asyncio.run(on(url, "SQLite", rounds=rounds))
    with postgres_server() as server, postgres_database(server) as url:
        yield from asyncio.run(on(url, "PostgreSQL", rounds=rounds))
