"""CPU of a whole exchange, with its share of tickets delivered, against a bare echo answered before the 200."""

from __future__ import annotations

import asyncio
import itertools
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from benchmarks.booking_person import book_appointment
from benchmarks.children import Child, child, free_port, last_lines
from benchmarks.databases import postgres_database, postgres_server
from benchmarks.figures import Figure, NotTaken, Rounds
from benchmarks.serving import stretch_once
from emulator import NotSettled
from emulator.remote import RemoteEmulator, RemotePerson
from tests.postgres import TestPostgres

TOKENS = {"telegram": "111111:bench-telegram", "bale": "222222:bench-bale"}
PEOPLE = 24
"""All at once: each chat is answered about once a second, as messengers allow, so more at once is sooner done."""
AT_ONCE = 8
ECHOES = 600
FIRST_JOBS = 15.0
"""Seconds in which each job of mizban/timetable.py has run once: its first run loads what it needs."""


@dataclass(frozen=True, slots=True)
class World:
    """The emulator that plays both messengers, and a folder for logs and databases."""

    remote: RemoteEmulator
    folder: Path

    @property
    def log(self) -> Path:
        return self.folder / "children.log"


@asynccontextmanager
async def world() -> AsyncIterator[World]:
    with tempfile.TemporaryDirectory(prefix="mizban-bench-") as name:
        folder = Path(name)
        arguments = ["emulator", "--port", "0", "--log-cap", "1000"]
        for dialect, token in TOKENS.items():
            arguments += [f"--{dialect}", token]
        async with child(arguments, log=folder / "children.log") as process:
            url = (await asyncio.to_thread(lambda: process.first_line)).removeprefix("emulator: ")
            async with RemoteEmulator(url) as remote:
                yield World(remote, folder)


async def cpu_of_echoes(there: World, kind: str, dialect: str, *, rounds: int) -> list[float]:
    """Microseconds of CPU of a bare echo bot for one update, a value a round."""
    port = free_port()
    async with child(
        ["benchmarks.echoes", kind, there.remote.url, TOKENS[dialect], str(port)], log=there.log, port=port
    ) as bot:
        await _set_webhook(there, dialect, f"http://127.0.0.1:{port}/hook")
        people = [await there.remote.person(dialect) for _ in range(AT_ONCE)]
        for person in people:
            await person.start()
            await person.settled(30)

        async def chat(person: RemotePerson) -> int:
            for word in range(ECHOES // AT_ONCE):
                await person.say(f"salaam {word}")
                await person.settled(30)
            return ECHOES // AT_ONCE

        async def chatting() -> int:
            return sum(await asyncio.gather(*(chat(person) for person in people)))

        return [await _cpu_of(bot, chatting) for _ in range(rounds)]


async def cpu_of_exchanges(there: World, dialect: str, *, database_url: str, rounds: int) -> list[float]:
    """Microseconds of CPU of Mizban for one update, a value a round of whole conversations that end with a ticket."""
    port = free_port()
    home = Path(tempfile.mkdtemp(dir=there.folder))
    settings = {
        "MIZBAN_HOME": str(home),
        "MIZBAN_DATABASE_URL": database_url,
        "MIZBAN_PORT": str(port),
        "MIZBAN_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "MIZBAN_LOG_LEVEL": "WARNING",
        f"MIZBAN_{dialect.upper()}_TOKEN": TOKENS[dialect],
        f"MIZBAN_{dialect.upper()}_API_URL": there.remote.url,
    }
    await run_command(["migrate"], settings, there.log)
    await run_command(["seed", "--demo"], settings, there.log)
    numbers = itertools.count()

    async def booking() -> int:
        return await book_appointment(await there.remote.person(dialect), number=next(numbers))

    async def bookings() -> int:
        return sum(await asyncio.gather(*(booking() for _ in range(PEOPLE))))

    async with child(["benchmarks.serving"], log=there.log, port=port, settings=settings) as bot:
        await _ready(port)
        await booking()  # warm
        await asyncio.sleep(FIRST_JOBS)
        return [await _cpu_of(bot, bookings) for _ in range(rounds)]


async def _cpu_of(bot: Child, talk: Callable[[], Awaitable[int]]) -> float:
    """Microseconds of CPU an update; `talk` tells how many updates it was."""
    before = bot.cpu
    updates = await talk()
    return (bot.cpu - before) / updates * 1e6


async def _set_webhook(there: World, dialect: str, url: str) -> None:
    async with aiohttp.ClientSession() as session:
        address = f"{there.remote.url}/bot{TOKENS[dialect]}/setWebhook"
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


async def figures_of(rounds: int, server: TestPostgres) -> list[Figure | NotTaken]:
    """Each exchange right after its own baseline; the rounds of one follow each other, on a server that stays up."""
    figures: list[Figure | NotTaken] = [stretching(rounds)]
    what = "whole first conversations, language to ticket, by webhook; user and system CPU of the bot's process"
    async with world() as there:
        for name, dialect, echo, must in (
            ("Telegram SQLite", "telegram", "aiogram", 3.2),
            ("Telegram PostgreSQL", "telegram", "aiogram", 4.2),
            ("Bale SQLite", "bale", "ptb", None),
        ):
            try:
                echoes = await cpu_of_echoes(there, echo, dialect, rounds=rounds)
                with postgres_database(server) if "PostgreSQL" in name else nullcontext("") as url:
                    exchanges = await cpu_of_exchanges(there, dialect, database_url=url, rounds=rounds)
            except (NotTaken, NotSettled, TimeoutError) as reason:
                figures.append(NotTaken(f"exchange {name}: {str(reason) or type(reason).__name__}"))
                continue
            figures.append(
                Figure(
                    f"exchange {name}",
                    Rounds.of(exchanges),
                    "us CPU",
                    f"{echo} echo",
                    Rounds.of(echoes),
                    must,
                    note=what if len(figures) == 1 else "",
                )
            )
    return figures


def measure(*, rounds: int) -> list[Figure | NotTaken]:
    with postgres_server() as server:
        return asyncio.run(figures_of(rounds, server))
