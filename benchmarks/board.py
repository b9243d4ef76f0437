"""The board of a day with 300 people: how long its page takes, and how soon a press stands on another screen."""

from __future__ import annotations

import asyncio
import re
import statistics
import tempfile
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import aiohttp

from benchmarks.children import child, free_port
from benchmarks.databases import postgres_database, postgres_server, sqlite_database
from benchmarks.figures import Figure, Rounds
from desk.calendar import local_day_of
from desk.clock import now
from desk.staff.permissions import Role
from desk.staff.sign_in import open_session
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from desk.visits.actions import record_arrival, record_outcome
from desk.visits.rules import Outcome
from tests.keys import KEYS
from tests.makers import (
    acting,
    at,
    make_appointment,
    make_office,
    make_person,
    make_queue,
    make_service,
    make_slot,
    make_staff,
)

PEOPLE = 300
SERVED, CAME = 120, 200
REQUESTS = 200
PRESSES = 20
PAUSE_OF_THE_PAGE = 0.15
"""Seconds between a signal and the look of an open board: `live.js`."""
GIVEN_UP = 120
"""Seconds after which a press that no other screen heard of is given up."""
LOADS = 95
PAGE_MS, PRESS_MS = 200.0, 1000.0


def lay_out(session: WriteSession) -> tuple[str, int]:
    """An office with a full day, and a clerk signed in there: the token and the id of the office."""
    moment = now()
    today = local_day_of(moment).date
    office = make_office(session)
    service = make_service(session)
    queue = make_queue(session, office=office, services=[service])
    clerk = acting(8)
    for row in range(PEOPLE):
        slot = make_slot(session, queue=queue, starts_at=at(today, hour=8 + row // 30, minute=row % 30 * 2), minutes=2)
        person = make_person(session)
        appointment = make_appointment(session, slot=slot, service=service, person=person)
        if row < CAME:
            record_arrival(session, appointment_id=appointment.id, actor=clerk, now=moment)
        if row < SERVED:
            record_outcome(session, appointment_id=appointment.id, outcome=Outcome.SERVED, actor=clerk, now=moment)
    member = make_staff(session, role=Role.CLERK, office=office)
    return open_session(session, staff_id=member.id, now=moment - timedelta(seconds=1)).token, office.id


async def loads(browser: aiohttp.ClientSession, path: str) -> float:
    """The 95th percentile of the page in ms."""
    took = []
    for number in range(REQUESTS + 20):
        begun = perf_counter()
        async with browser.get(path) as answer:
            body = await answer.text()
        if body.count("data-row") < PEOPLE:
            raise RuntimeError(f"{path} answered {answer.status} without its people")
        if number >= 20:
            took.append((perf_counter() - begun) * 1000)
    return statistics.quantiles(took, n=100)[LOADS - 1]


async def presses(browser: aiohttp.ClientSession, path: str, *, office: int) -> float:
    """The 95th percentile of the time from a press to another open board that shows it, in ms."""
    took = []
    async with asyncio.timeout(GIVEN_UP), browser.get("/live") as stream:
        await stream.content.readuntil(b"\n\n")
        for number in range(PRESSES):
            async with browser.get(path) as answer:
                body = await answer.text()
            token = re.search(r'name="_token" value="([^"]+)"', body)
            if token is None:
                raise RuntimeError("the board has no form")
            form = {"_token": token[1], "_key": f"bench-{number}", "office": str(office), "counter": str(number + 1)}
            begun = perf_counter()
            async with browser.post("/board/next", data=form, headers={"hx-request": "true"}) as answer:
                if "data-said" not in await answer.text():
                    raise RuntimeError("the press was not answered")
            await stream.content.readuntil(b"\n\n")
            await asyncio.sleep(PAUSE_OF_THE_PAGE)
            async with browser.get(path) as answer:
                await answer.text()
            took.append((perf_counter() - begun) * 1000)
    return statistics.quantiles(took, n=100)[LOADS - 1]


async def on(url: str, name: str, *, rounds: int) -> list[Figure]:
    pages, pressed = [], []
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        for _ in range(rounds):
            async with Storage(url, keys=KEYS) as storage:
                token, office = await storage.write(lay_out)
            port = free_port()
            async with (
                child(["benchmarks.page_servers", "desk", url, str(port)], log=log, port=port),
                aiohttp.ClientSession(f"http://127.0.0.1:{port}", cookies={"mizban": token}) as browser,
            ):
                path = f"/board?office={office}&counter=99"
                pages.append(await loads(browser, path))
                pressed.append(await presses(browser, path, office=office))
    return [
        Figure(
            f"board {name}, {PEOPLE} people, p95",
            Rounds.of(pages),
            "ms",
            must=PAGE_MS,
            note=f"{REQUESTS} loads of the page of a day with {PEOPLE} people, one after the other",
        ),
        Figure(
            f"board {name}, a press until another screen has it, p95",
            Rounds.of(pressed),
            "ms",
            must=PRESS_MS,
            note=f"{PRESSES} presses, with the pause of an open page and its look; drawing it is not counted",
        ),
    ]


def measure(*, rounds: int) -> list[Figure]:
    figures = []
    with sqlite_database() as url:
        figures += asyncio.run(on(url, "SQLite", rounds=rounds))
    with postgres_server() as server, postgres_database(server) as url:
        figures += asyncio.run(on(url, "PostgreSQL", rounds=rounds))
    return figures
