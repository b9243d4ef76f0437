"""CPU of a desk page against a bare page with one query on the same database."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import timedelta
from pathlib import Path

import aiohttp

from backoffice.cases.inbox import PAGE_SIZE
from benchmarks.children import child, free_port
from benchmarks.databases import postgres_database, postgres_server, sqlite_database
from benchmarks.figures import Figure, Rounds
from desk.calendar import local_day_of
from desk.clock import now
from desk.staff.permissions import Role
from desk.staff.sign_in import open_session
from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.keys import KEYS
from tests.makers import at, make_appointment, make_office, make_person, make_queue, make_service, make_slot, make_staff
from tests.makers_cases import ask_question

REQUESTS = 600
CLIENTS = 4
ROWS = 200
"""Appointments on the day's list, and open cases behind the inbox."""
PAGES = {"today": ROWS, "inbox": PAGE_SIZE}
"""Each page with the rows that it shows; it is held against a bare page of as many."""


HELD = {
    "today": f"a day's list of {ROWS} appointments, all on the page",
    "inbox": f"{PAGE_SIZE} of {ROWS} open questions to the office",
}
"""What each figure was taken of."""


def lay_out(session: WriteSession) -> tuple[str, int]:
    """An office with a full day, and somebody signed in there: the token and the office's id."""
    today = local_day_of(now()).date
    office = make_office(session)
    service = make_service(session)
    queue = make_queue(session, office=office, services=[service])
    for row in range(ROWS):
        slot = make_slot(session, queue=queue, starts_at=at(today, hour=8 + row // 20, minute=row % 20 * 3))
        make_appointment(session, slot=slot, service=service, person=make_person(session))
        ask_question(session, office=office, text="برای کودک هم باید خودش بیاید؟ جواب را همین‌جا بنویسید.")
    officer = make_staff(session, role=Role.DESK_OFFICER, office=office)
    return open_session(session, staff_id=officer.id, now=now() - timedelta(seconds=1)).token, office.id


async def cpu_per_request(kind: str, url: str, path: str, *, token: str, log: Path) -> float:
    """Microseconds of server CPU per request of a warm page."""
    port = free_port()
    async with (
        child(["benchmarks.page_servers", kind, url, str(port)], log=log, port=port) as server,
        aiohttp.ClientSession(f"http://127.0.0.1:{port}", cookies={"mizban": token}) as browser,
    ):

        async def visit(count: int) -> None:
            for _ in range(count):
                async with browser.get(path, allow_redirects=False) as answer:
                    body = await answer.text()
                    if answer.status != 200 or "<" not in body:
                        raise RuntimeError(f"{kind} {path} answered {answer.status}")

        await visit(20)
        before = server.cpu
        await asyncio.gather(*(visit(REQUESTS // CLIENTS) for _ in range(CLIENTS)))
        return (server.cpu - before) / REQUESTS * 1e6


async def on(url: str, name: str, *, rounds: int) -> list[Figure]:
    async with Storage(url, keys=KEYS) as storage:
        token, _ = await storage.write(lay_out)
    bare: dict[str, list[float]] = {page: [] for page in PAGES}
    pages: dict[str, list[float]] = {page: [] for page in PAGES}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        for _ in range(rounds):
            for page, rows in PAGES.items():
                bare[page].append(await cpu_per_request("bare", url, f"/bare/{rows}", token=token, log=log))
                pages[page].append(await cpu_per_request("desk", url, f"/{page}", token=token, log=log))
    return [
        Figure(
            f"page {page} {name}, {rows} rows",
            Rounds.of(pages[page]),
            "us CPU",
            f"bare page, {rows} rows",
            Rounds.of(bare[page]),
            3.0,
            note=HELD[page],
        )
        for page, rows in PAGES.items()
    ]


def measure(*, rounds: int) -> list[Figure]:
    figures = []
    with sqlite_database() as url:
        figures += asyncio.run(on(url, "SQLite", rounds=rounds))
    with postgres_server() as server, postgres_database(server) as url:
        figures += asyncio.run(on(url, "PostgreSQL", rounds=rounds))
    return figures
