"""Databases to measure on: a SQLite file with synchronous=FULL, and a PostgreSQL whose commits reach the disk."""

from __future__ import annotations

import asyncio
import multiprocessing
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from desk.storage.migrate import upgrade
from tests.keys import KEYS
from tests.postgres import TestPostgres

T = TypeVar("T")


@contextmanager
def sqlite_database() -> Iterator[str]:
    """The URL of a new, migrated SQLite database; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mizban-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        upgrade(url, keys=KEYS)
        yield url


def in_processes(
    run: Callable[[str], T], *, fill: Callable[[str], Coroutine[Any, Any, None]], rounds: int
) -> Iterator[tuple[str, list[T]]]:
    """What `run` returns on each of the two databases, in a process of its own each time, after `fill` has filled it.

    `run` stands in a module: the process imports it.
    """
    with postgres_server() as server:
        for name in ("sqlite", "postgres"):
            taken: list[T] = []
            for _ in range(rounds):
                with sqlite_database() if name == "sqlite" else postgres_database(server) as url:
                    asyncio.run(fill(url))
                    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
                        taken.append(process.submit(run, url).result())
            yield name, taken


@contextmanager
def postgres_server() -> Iterator[TestPostgres]:
    """A durable PostgreSQL of our own; `create_database()` gives migrated databases."""
    server = TestPostgres(migrate=partial(upgrade, keys=KEYS), durable=True)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def postgres_database(server: TestPostgres) -> Iterator[str]:
    """The URL of a new, migrated database on `server`; gone afterwards."""
    url = server.create_database()
    try:
        yield url
    finally:
        server.drop_database(url)
