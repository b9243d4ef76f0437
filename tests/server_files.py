"""Reads the files of a database server that is at work, which takes some of them away meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path


def contents(paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each file; what is gone by now (as PostgreSQL's pg_internal.init often is) is left out."""
    for path in paths:
        with suppress(FileNotFoundError, IsADirectoryError):
            yield path.name, path.read_bytes()
