"""Stretching the hashes of 100,000 people and writing them anew under a changed key, killed half way and begun again.

The hashes are stretched as cheaply as can be, so what is measured is the way there; what a real one costs is measured
apart, with all cores, and the time for 100,000 follows from both.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from queue import Empty
from time import perf_counter
from typing import Any

from sqlalchemy import Connection, MetaData, func, insert, select, table, text
from sqlalchemy.ext.asyncio import create_async_engine

from benchmarks.databases import postgres_server
from benchmarks.figures import Figure, Rounds
from benchmarks.serving import CHEAPEST
from desk import identity
from desk.identity import IdentityKey, IdentityKeys, Mark, stretched
from desk.rekeying.columns import ENCRYPTED
from desk.storage import migrate
from desk.storage.encryption import Keys
from desk.storage.engine import Storage
from desk.storage.types import UtcDateTime
from mizban.rekeying import rewrite_all
from tests.keys import KEY, KEYS
from tests.makers import NOW

PEOPLE = int(os.environ.get("PEOPLE", "100000"))
BEFORE, AFTER = "0038", "0039"
KILLED_AT = 0.4
"""The part that is done when the first run is killed."""
CHANGED = Keys(b"the key after the change, 32 b..", [KEY])
NUMBERS = IdentityKeys(IdentityKey(CHANGED.name, b"now"), (IdentityKey(KEYS.name, b"before"),))
AT_ONCE = 5000


def measure(*, rounds: int) -> list[Figure]:
    """Once on each database, however many rounds."""
    real = _rate_of_real_hashes()
    identity.IN_USE.now = CHEAPEST
    with tempfile.TemporaryDirectory(prefix="mizban-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        migrate.upgrade(url, keys=KEYS, revision=BEFORE)
        figures = _measured("sqlite", url, real=real)
    with postgres_server() as server:
        url = server.create_database()
        migrate.downgrade(url, keys=KEYS, revision=BEFORE)
        return figures + _measured("postgres", url, real=real)


def _measured(name: str, url: str, *, real: float) -> list[Figure]:
    _on(url, _fill)
    first = _killed(url)
    left = _on(url, _fast)
    if not 0 < left < PEOPLE:
        raise RuntimeError(f"It was to be killed half way, and {left} were left.")
    begun, told = perf_counter(), list[str]()
    migrate.upgrade(url, keys=KEYS, revision=AFTER, told=told.append)
    took = perf_counter() - begun
    if _on(url, _fast) or f"{left:,} rows" not in told[-1]:
        raise RuntimeError("It did not go on where it was.")
    a_row = took / left
    hours = PEOPLE * (a_row + 1 / real) / 3600
    note = (
        f"killed with {PEOPLE - left:,} done after {first:.0f} s; {len(told)} lines of progress after that; with real "
    )
    note += f"hashes, {real:.1f} a second on {os.cpu_count()} cores: {hours:.1f} hours"
    migrate.upgrade(url, keys=KEYS)
    begun = perf_counter()
    rows = asyncio.run(_rewritten(url))
    rewriting = perf_counter() - begun
    return [
        Figure(f"stretching, {name}, without the hash itself", Rounds.of([a_row * 1000]), "ms", note=note),
        Figure(
            f"keys rewrite of {PEOPLE:,} people, {name}",
            Rounds.of([rewriting]),
            "s",
            note=f"{rows:,} rows, {len(ENCRYPTED)} tables",
        ),
    ]


def _rate_of_real_hashes() -> float:
    """Real hashes a second, with as many threads as there are cores, as the migration makes them."""
    cores, each = os.cpu_count() or 1, 6
    with ThreadPoolExecutor(cores) as threads:
        begun = perf_counter()
        list(threads.map(stretched, (Mark("a1.bench", f"{number:064}") for number in range(cores * each))))
        return cores * each / (perf_counter() - begun)


def _killed(url: str) -> float:
    """Begin in a process of its own and kill it (-9) on the way; the seconds it had."""
    spawn = multiprocessing.get_context("spawn")
    told: Any = spawn.Queue()
    process = spawn.Process(target=_upgrade, args=(url, told))
    begun = perf_counter()
    process.start()
    while process.is_alive():
        try:
            line = told.get(timeout=1)
        except Empty:
            continue
        if int(line.split(": ")[1].split()[0].replace(",", "")) >= PEOPLE * KILLED_AT:
            process.kill()
            process.join()
    return perf_counter() - begun


def _upgrade(url: str, told: Any) -> None:
    identity.IN_USE.now = CHEAPEST
    migrate.upgrade(url, keys=KEYS, revision=AFTER, told=told.put)


def _fill(connection: Connection) -> None:
    meta = MetaData()
    meta.reflect(connection, only=["persons"])
    persons = meta.tables["persons"]
    persons.c.created_at.type = UtcDateTime()
    for start in range(1, PEOPLE + 1, AT_ONCE):
        connection.execute(
            insert(persons),
            [
                {
                    "id": number,
                    "identity_hash": sha256(b"%d" % number).hexdigest(),
                    "last4_sealed": KEYS.encrypt("1234", column="persons.last4_sealed", row=number),
                    "document_kind": "amayesh",
                    "created_at": NOW,
                }
                for number in range(start, min(start + AT_ONCE, PEOPLE + 1))
            ],
        )


def _fast(connection: Connection) -> int:
    """The number of hashes that are not stretched."""
    fast = select(func.count()).select_from(table("persons")).where(text("identity_hash NOT LIKE '%.%'"))
    return int(connection.execute(fast).scalar_one())


def _on(url: str, work: Callable[[Connection], Any]) -> Any:
    async def run() -> Any:
        driver = "sqlite+aiosqlite" if url.startswith("sqlite") else "postgresql+asyncpg"
        engine = create_async_engine(url.replace(url.partition(":")[0], driver, 1))
        async with engine.begin() as connection:
            done = await connection.run_sync(work)
        await engine.dispose()
        return done

    return asyncio.run(run())


async def _rewritten(url: str) -> int:
    rows = 0

    def note(line: str) -> None:
        nonlocal rows
        rows = int(line.split(": ")[1].split(maxsplit=1)[0].replace(",", ""))

    async with Storage(url, keys=CHANGED) as storage:
        await rewrite_all(storage, numbers=NUMBERS, told=note)
    return rows
