"""Seconds from the start of `mizban serve` on a seeded SQLite until `/health` says that it is ready."""

from __future__ import annotations

import asyncio
from pathlib import Path
from time import perf_counter

import aiohttp

from benchmarks.children import child, free_port
from benchmarks.exchanges import TOKENS, World, run_command, world
from benchmarks.figures import Figure, NotTaken, Rounds

MUST = 5.0
PATIENCE = 240.0
"""Seconds after which the machine is too busy to say anything."""


async def seconds_to_ready(home: Path, there: World) -> float:
    """Both messengers by long polling, as in service."""
    port = free_port()
    settings = {"MIZBAN_HOME": str(home), "MIZBAN_PORT": str(port), "MIZBAN_LOG_LEVEL": "ERROR"}
    for dialect, token in TOKENS.items():
        settings |= {
            f"MIZBAN_{dialect.upper()}_TOKEN": token,
            f"MIZBAN_{dialect.upper()}_API_URL": there.remote.url,
        }
    begun = perf_counter()
    async with child(["mizban", "serve"], log=there.log, settings=settings), aiohttp.ClientSession() as session:
        while perf_counter() - begun < PATIENCE:
            try:
                async with session.get(f"http://127.0.0.1:{port}/health") as answer:
                    if answer.status == 200:
                        return perf_counter() - begun
            except aiohttp.ClientError:
                pass  # nobody listens yet
            await asyncio.sleep(0.02)
    raise NotTaken(f"start: not ready within {PATIENCE:.0f} s")


async def figure_of(rounds: int) -> Figure:
    async with world() as there:
        home = there.folder / "home"
        await run_command(["migrate"], {"MIZBAN_HOME": str(home)}, there.log)
        await run_command(["seed", "--demo"], {"MIZBAN_HOME": str(home)}, there.log)
        await seconds_to_ready(home, there)  # warm: compiled files, the disk's cache
        values = [await seconds_to_ready(home, there) for _ in range(rounds)]
    return Figure("start to ready SQLite", Rounds.of(values), "s", must=MUST, note="both messengers, by polling")


def measure(*, rounds: int) -> list[Figure]:
    return [asyncio.run(figure_of(rounds))]
