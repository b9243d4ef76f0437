"""Encrypting the 100,000 chats of a landed state: how long the migration takes, in batches that can be broken off."""

from __future__ import annotations

import tempfile
from pathlib import Path
from time import perf_counter

from sqlalchemy import create_engine

from benchmarks.figures import Figure, Rounds
from desk.storage import migrate
from tests.keys import KEYS
from tests.storage.test_migrated_addresses import BEFORE, fill

CHATS = 100_000


def measure(*, rounds: int) -> list[Figure]:
    """Seconds of the whole update on SQLite."""
    took = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="mizban-bench-") as folder:
            url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
            migrate.upgrade(url, keys=KEYS, revision=BEFORE)
            engine = create_engine(url)
            with engine.begin() as connection:
                fill(connection, rows=CHATS)
            engine.dispose()
            begun, told = perf_counter(), list[str]()
            migrate.upgrade(url, keys=KEYS, told=told.append)
            took.append(perf_counter() - begun)
            if len(told) < CHATS // migrate.BATCH:
                raise RuntimeError("Fewer batches than there are rows.")
    return [Figure("encrypting 100,000 chats of before, sqlite", Rounds.of(took), "s", must=120.0)]
