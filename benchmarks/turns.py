"""CPU of a whole turn, with its share of tickets delivered, against a bare echo answered before the 200 (P1, P2)."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from benchmarks.booking_person import book_a_turn
from benchmarks.children import Child, child, free_port, last_lines
from benchmarks.databases import postgres_database, postgres_server
from benchmarks.figures import Figure, Rounds
from emulator.remote import RemoteEmulator
from tests.postgres import TestPostgres

TOKENS = {"telegram": "111111:bench-telegram", "bale": "222222:bench-bale"}
PEOPLE = 24
AT_ONCE = 8
ECHOES = 400


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


async def cpu_of_echo(there: World, kind: str, dialect: str) -> float:
    """Microseconds of CPU of a bare echo bot for one update."""
    port = free_port()
    async with child(
        ["benchmarks.echoes", kind, there.remote.url, TOKENS[dialect], str(port)], log=there.log, port=port
    ) as bot:
        await _set_webhook(there, dialect, f"http://127.0.0.1:{port}/hook")
        people = [await there.remote.person(dialect) for _ in range(AT_ONCE)]
        for person in people:
            await person.start()
            await person.settled(30)

        async def chat(number: int) -> None:
            for word in range(ECHOES // AT_ONCE):
                await people[number].say(f"salaam {word}")
                await people[number].settled(30)

        return await _measured(bot, chat, ECHOES)


async def cpu_of_turn(there: World, dialect: str, *, database_url: str) -> float:
    """Microseconds of CPU of Mizban for one update, over whole first conversations that end with a ticket."""
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
    await _run(["migrate"], settings, there.log)
    await _run(["seed", "--demo"], settings, there.log)
    async with child(["mizban", "serve"], log=there.log, port=port, settings=settings) as bot:
        await _ready(port)
        updates = [0] * AT_ONCE
        await book_a_turn(await there.remote.person(dialect), number=0)

        async def chat(number: int) -> None:
            for one in range(PEOPLE // AT_ONCE):
                person = await there.remote.person(dialect)
                updates[number] += await book_a_turn(person, number=1 + number * PEOPLE + one)

        total = await _measured(bot, chat, 1)
        return total / sum(updates)


async def _measured(bot: Child, chat: Callable[[int], Awaitable[None]], divisor: int) -> float:
    before = bot.cpu
    await asyncio.gather(*(chat(number) for number in range(AT_ONCE)))
    return (bot.cpu - before) / divisor * 1e6


async def _set_webhook(there: World, dialect: str, url: str) -> None:
    async with aiohttp.ClientSession() as session:
        address = f"{there.remote.url}/bot{TOKENS[dialect]}/setWebhook"
        async with session.post(address, data={"url": url}) as answer:
            answer.raise_for_status()


async def _run(arguments: list[str], settings: dict[str, str], log: Path) -> None:
    async with child(["mizban", *arguments], log=log, settings=settings) as command:
        if await asyncio.to_thread(command.wait) != 0:
            raise RuntimeError(f"mizban {arguments[0]} failed: {last_lines(log)}")


async def _ready(port: int) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(200):
            async with session.get(f"http://127.0.0.1:{port}/health") as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0.1)
    raise RuntimeError("Mizban did not become ready.")


async def rounds_of(rounds: int, server: TestPostgres) -> list[Figure]:
    names = ("aiogram echo", "PTB echo", "Telegram SQLite", "Telegram PostgreSQL", "Bale SQLite")
    values: dict[str, list[float]] = {name: [] for name in names}
    async with world() as there:
        for _ in range(rounds):
            values["aiogram echo"].append(await cpu_of_echo(there, "aiogram", "telegram"))
            values["PTB echo"].append(await cpu_of_echo(there, "ptb", "bale"))
            values["Telegram SQLite"].append(await cpu_of_turn(there, "telegram", database_url=""))
            with postgres_database(server) as url:
                values["Telegram PostgreSQL"].append(await cpu_of_turn(there, "telegram", database_url=url))
            values["Bale SQLite"].append(await cpu_of_turn(there, "bale", database_url=""))
    echo, ptb = Rounds.of(values["aiogram echo"]), Rounds.of(values["PTB echo"])
    what = "whole first conversations, language to ticket, by webhook; user and system CPU of the bot's process"
    return [
        Figure(
            "turn Telegram SQLite", Rounds.of(values["Telegram SQLite"]), "us CPU", "aiogram echo", echo, 5.0, note=what
        ),
        Figure(
            "turn Telegram PostgreSQL", Rounds.of(values["Telegram PostgreSQL"]), "us CPU", "aiogram echo", echo, 5.0
        ),
        Figure("turn Bale SQLite", Rounds.of(values["Bale SQLite"]), "us CPU", "PTB echo", ptb),
    ]


def measure(*, rounds: int) -> list[Figure]:
    with postgres_server() as server:
        return asyncio.run(rounds_of(rounds, server))
