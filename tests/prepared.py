"""Databases that many tests begin with: filled once by each worker, and copied for each test."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from desk.storage.base import WriteSession
from desk.storage.engine import Storage
from tests.keys import KEYS

if TYPE_CHECKING:
    from tests.postgres import TestPostgres

Filling: TypeAlias = Callable[[WriteSession], Any]
"""Fills an empty database; what it returns is handed to each test that begins with a copy."""


class PreparedFiles:
    """SQLite files by what fills them."""

    def __init__(self, empty: Path) -> None:
        """`empty` is a migrated file without rows; the others are kept beside it."""
        self._empty = empty
        self._made: dict[Filling, tuple[Path, Any]] = {}

    def copy(self, filling: Filling, path: Path) -> Any:
        """Make `path` a copy of the filled file; returns what the filling has returned."""
        if filling not in self._made:
            made = Path(shutil.copyfile(self._empty, self._empty.with_stem(f"filled-{len(self._made)}")))
            holds = asyncio.run(_filled(f"sqlite:///{made}", filling))
            whole(made)
            self._made[filling] = made, holds
        made, holds = self._made[filling]
        shutil.copyfile(made, path)
        return holds


class PreparedDatabases:
    """Databases of PostgreSQL by what fills them; they last as long as the server."""

    def __init__(self, server: TestPostgres) -> None:
        self._server = server
        self._made: dict[Filling, tuple[str, Any]] = {}

    def copy(self, filling: Filling) -> tuple[str, Any]:
        """The URL of a new copy of the filled database, and what the filling has returned."""
        if filling not in self._made:
            url = self._server.create_database()
            self._made[filling] = url, asyncio.run(_filled(url, filling))
        made, holds = self._made[filling]
        return self._server.create_database(like=made), holds


def whole(path: Path) -> None:
    """Bring everything that stands in the log beside an SQLite file into the file itself."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


async def _filled(url: str, filling: Filling) -> Any:
    async with Storage(url, keys=KEYS) as storage:
        return await storage.write(filling)
