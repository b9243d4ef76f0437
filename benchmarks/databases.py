"""Databases to measure on: a SQLite file with synchronous=FULL, and a PostgreSQL whose commits reach the disk."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from desk.storage.migrate import upgrade
from tests.keys import KEYS
from tests.postgres import TestPostgres


@contextmanager
def sqlite_database() -> Iterator[str]:
    """The URL of a new, migrated SQLite database; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mizban-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        upgrade(url, keys=KEYS)
        yield url


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
