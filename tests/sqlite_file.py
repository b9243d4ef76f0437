"""A plain synchronous engine on one SQLite file, for tests that need no `Storage`."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine

from desk.storage.engine import sqlite_engine


def open_sqlite(path: Path | str) -> Engine:
    """The engine of the SQLite database at `path` (a file path or a URL); transactions start immediately."""
    url = str(path)
    return sqlite_engine(url if "://" in url else f"sqlite:///{url}", begin="BEGIN IMMEDIATE")
