"""CPU of a whole exchange, with its share of tickets delivered, against a bare echo answered before the 200.

The machine's speed swings by a factor of two within minutes, so both bots are up in one world and talk in the same
seconds: each step of a conversation with Mizban is accompanied by a word to the echo bot, and the next step waits for
both. Pace, concurrency, wake-ups and caches are alike, and the ratio is taken within each round.
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import aiohttp

from benchmarks.accompanied import Accompanied
from benchmarks.booking_person import book_appointment
from benchmarks.children import Child, child, free_port, last_lines
from benchmarks.databases import postgres_database, postgres_server
from benchmarks.figures import Figure, NotTaken, Rounds
from benchmarks.serving import stretch_once
from emulator import NotSettled
from emulator.remote import RemoteEmulator
from tests.postgres import TestPostgres

TOKENS = {"telegram": "111111:bench-telegram", "bale": "222222:bench-bale"}
ECHO_TOKENS = {"telegram": "333333:bench-echo", "bale": "444444:bench-echo"}
AT_ONCE = 8
"""How many talk at once, each about once a second, as messengers allow."""
FEWEST_ROUNDS = 7
WIDEST = 0.15
"""Where the middle half of the rounds' ratios is wider than this share of their median, nothing is said of them."""
FIRST_JOBS = 15.0
"""Seconds in which each job of mizban/timetable.py has run once: its first run loads what it needs."""


@dataclass(frozen=True, slots=True)
class World:
    """The emulator that plays both messengers, and a folder for logs and databases."""

    remote: RemoteEmulator
    emulator: Child
    folder: Path

    @property
    def log(self) -> Path:
        return self.folder / "children.log"


class Costs(NamedTuple):
    """Microseconds of CPU for one step of a round: an update of each bot, and both of them in the emulator."""

    echo: float
    exchange: float
    emulator: float


@asynccontextmanager
async def world() -> AsyncIterator[World]:
    with tempfile.TemporaryDirectory(prefix="mizban-bench-") as name:
        folder = Path(name)
        arguments = ["emulator", "--port", "0", "--log-cap", "1000"]
        for tokens in (TOKENS, ECHO_TOKENS):
            for dialect, token in tokens.items():
                arguments += [f"--{dialect}", token]
        async with child(arguments, log=folder / "children.log") as process:
            url = (await asyncio.to_thread(lambda: process.first_line)).removeprefix("emulator: ")
            async with RemoteEmulator(url) as remote:
                yield World(remote, process, folder)


@asynccontextmanager
async def echo_bot(there: World, kind: str, dialect: str) -> AsyncIterator[Child]:
    port = free_port()
    arguments = ["benchmarks.echoes", kind, there.remote.url, ECHO_TOKENS[dialect], str(port)]
    async with child(arguments, log=there.log, port=port) as bot:
        await _set_webhook(there, ECHO_TOKENS[dialect], f"http://127.0.0.1:{port}/hook")
        yield bot


@asynccontextmanager
async def mizban(there: World, dialect: str, *, database_url: str) -> AsyncIterator[Child]:
    port = free_port()
    settings = {
        **await seeded(there, database_url),
        "MIZBAN_PORT": str(port),
        "MIZBAN_PUBLIC_URL": f"http://127.0.0.1:{port}",
        f"MIZBAN_{dialect.upper()}_TOKEN": TOKENS[dialect],
        f"MIZBAN_{dialect.upper()}_API_URL": there.remote.url,
    }
    async with child(["benchmarks.serving"], log=there.log, port=port, settings=settings) as bot:
        await _ready(port)
        yield bot


async def seeded(there: World, database_url: str) -> dict[str, str]:
    """The settings of an installation with its database; one with SQLite is a copy of the first of them."""
    first = there.folder / "seeded"
    home = Path(tempfile.mkdtemp(dir=there.folder)) if database_url else first
    settings = {"MIZBAN_HOME": str(home), "MIZBAN_DATABASE_URL": database_url, "MIZBAN_LOG_LEVEL": "WARNING"}
    if database_url or not first.exists():
        await run_command(["migrate"], settings, there.log)
        await run_command(["seed", "--demo"], settings, there.log)
    if database_url:
        return settings
    copy = tempfile.mkdtemp(dir=there.folder)
    shutil.copytree(first, copy, dirs_exist_ok=True)
    return settings | {"MIZBAN_HOME": copy}


async def costs_of(there: World, kind: str, dialect: str, *, database_url: str, rounds: int) -> list[Costs]:
    """What each round of whole conversations cost, language to ticket, beside as many echoes at the same moments."""
    numbers = itertools.count()

    async def booking() -> int:
        person = await there.remote.person(TOKENS[dialect])
        beside = await there.remote.person(ECHO_TOKENS[dialect])
        return await book_appointment(Accompanied(person, beside), number=next(numbers))

    async def bookings() -> int:
        return sum(await asyncio.gather(*(booking() for _ in range(AT_ONCE))))

    async with (
        echo_bot(there, kind, dialect) as echo,
        mizban(there, dialect, database_url=database_url) as bot,
    ):
        await asyncio.gather(bookings(), asyncio.sleep(FIRST_JOBS))  # warm
        children = (echo, bot, there.emulator)
        costs = []
        for _ in range(rounds):
            before = [each.cpu for each in children]
            steps = await bookings()
            costs.append(Costs(*((each.cpu - was) / steps * 1e6 for each, was in zip(children, before, strict=True))))
        return costs


async def _set_webhook(there: World, token: str, url: str) -> None:
    async with aiohttp.ClientSession() as session:
        address = f"{there.remote.url}/bot{token}/setWebhook"
        async with session.post(address, data={"url": url}) as answer:
            answer.raise_for_status()


async def run_command(arguments: list[str], settings: dict[str, str], log: Path) -> None:
    async with child(["mizban", *arguments], log=log, settings=settings) as command:
        if await asyncio.to_thread(command.wait) != 0:
            raise NotTaken(f"mizban {arguments[0]} failed: {last_lines(log)}")


async def _ready(port: int) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(600):
            async with session.get(f"http://127.0.0.1:{port}/health") as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0.1)
    raise NotTaken("Mizban did not become ready within a minute")


def stretching(rounds: int) -> Figure:
    """What a written number costs beside its exchange: the exchanges below are measured without it."""
    took = []
    for _ in range(rounds):
        before = time.process_time()
        stretch_once()
        took.append((time.process_time() - before) * 1000)
    return Figure("stretch of a number", Rounds.of(took), "ms", note="CPU, by intent; once where a number is written")


def judged(name: str, costs: list[Costs], *, echo: str, must: float | None, note: str) -> list[Figure | NotTaken]:
    """The figure of one kind of exchange, and what the emulator took; no verdict where the rounds differ too much."""
    exchanges, echoes = Rounds.of([each.exchange for each in costs]), Rounds.of([each.echo for each in costs])
    ratio = exchanges.ratio_to(echoes)
    beside = Figure(
        f"emulator beside {name}", Rounds.of([each.emulator for each in costs]), "us CPU", note="for one step of both"
    )
    if ratio.width > WIDEST:
        reason = f"exchange {name}: ratios {ratio.median:.3g} {ratio.spread} to the echo differ too much"
        return [NotTaken(reason), beside]
    return [Figure(f"exchange {name}", exchanges, "us CPU", f"{echo} echo", echoes, must, note=note), beside]


async def figures_of(rounds: int, server: TestPostgres) -> list[Figure | NotTaken]:
    """Each kind of exchange in the same seconds as its own baseline, on a server that stays up."""
    figures: list[Figure | NotTaken] = [stretching(rounds)]
    note = "whole first conversations, language to ticket, by webhook; user and system CPU of the bot's process"
    async with world() as there:
        for name, dialect, echo, must in (
            ("Telegram SQLite", "telegram", "aiogram", 3.2),
            ("Telegram PostgreSQL", "telegram", "aiogram", 4.2),
            ("Bale SQLite", "bale", "ptb", None),
        ):
            try:
                with postgres_database(server) if "PostgreSQL" in name else nullcontext("") as url:
                    costs = await costs_of(there, echo, dialect, database_url=url, rounds=max(rounds, FEWEST_ROUNDS))
            except (NotTaken, NotSettled, TimeoutError) as reason:
                figures.append(NotTaken(f"exchange {name}: {str(reason) or type(reason).__name__}"))
                continue
            figures += judged(name, costs, echo=echo, must=must, note=note)
            note = ""
    return figures


def measure(*, rounds: int) -> list[Figure | NotTaken]:
    with postgres_server() as server:
        return asyncio.run(figures_of(rounds, server))
