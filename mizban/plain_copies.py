"""Finds unencrypted copies of the database that lie about in the home folder, so that a start can name them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mizban.database import sqlite_file
from mizban.settings import Settings

BEGINNINGS = (
    b"SQLite format 3\0",
    b"\x37\x7f\x06\x82",  # a write-ahead log of SQLite
    b"\x37\x7f\x06\x83",
    b"PGDMP",  # pg_dump --format=custom
    b"--\n-- PostgreSQL database",  # pg_dump as statements
    b"\x1f\x8b",  # gzip: how back-ups were made before they were encrypted
)
"""How the files begin that may hold a copy."""
MOST = 10_000
"""So many files are looked at."""


def plain_copies(settings: Settings) -> list[Path]:
    """The files in the home folder that hold a readable copy of the database, without the database in use."""
    if not settings.home.is_dir():
        return []
    in_use: set[Path] = set()
    if settings.is_sqlite:
        database = sqlite_file(settings).resolve()
        in_use = {database, *(database.with_name(database.name + ending) for ending in ("-wal", "-shm", "-journal"))}
    looked_at = (path for _number, path in zip(range(MOST), _files(settings.home), strict=False))
    return sorted(path for path in looked_at if path.resolve() not in in_use and _is_copy(path))


def warning(settings: Settings) -> str:
    """The sentence about them for the operator; empty where there is none."""
    found = plain_copies(settings)
    if not found:
        return ""
    names = ", ".join(str(path) for path in found[:20]) + (" …" if len(found) > 20 else "")
    return (
        f"Warning: {len(found)} unencrypted copies of the database are in {settings.home}: {names}. Whoever gets hold "
        "of one reads what it holds. Carry away what you need, encrypted, and destroy them."
    )


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _is_copy(path: Path) -> bool:
    try:
        with path.open("rb") as opened:
            begins = opened.read(max(map(len, BEGINNINGS)))
    except OSError:
        return False  # not ours to read, or gone meanwhile
    return begins.startswith(BEGINNINGS) or path.suffix == ".tar"
