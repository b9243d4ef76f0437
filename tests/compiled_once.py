"""Statements are compiled once a run instead of once a test.

Each engine keeps what it compiled in a cache of its own, and each test has a new engine: a third of the time of a test
of pages went into compiling the same statements again. Here all engines share one cache, in which dialects count as one
when they write the same SQL.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

ROOM = 5000
"""More than there are statements."""


_apart: list[None] = []
"""Not empty while each engine compiles for itself."""


def _writes(dialect: DefaultDialect) -> tuple[object, ...]:
    """All that the text of a compiled statement depends on, and how its values come and go."""
    return (type(dialect), dialect.server_version_info, dialect.default_schema_name, dialect.paramstyle)


def _same(dialect: DefaultDialect, other: object) -> bool:
    if _apart or not isinstance(other, DefaultDialect):
        return dialect is other
    return dialect is other or _writes(dialect) == _writes(other)


def _hashed(dialect: DefaultDialect) -> int:
    return hash(type(dialect))  # what it learns of the server while it connects comes later


def share_compiled_statements() -> None:
    """Let all engines share what they compile from now on."""
    compiled: LRUCache[Any, Any] = LRUCache(ROOM)

    def used(engine: Engine) -> Any:
        return vars(engine)["its own"] if _apart else compiled

    def keep(engine: Engine, own: object) -> None:
        vars(engine)["its own"] = own

    for owner, name, work in (
        (DefaultDialect, "__eq__", _same),
        (DefaultDialect, "__hash__", _hashed),
        (Engine, "_compiled_cache", property(used, keep)),
    ):
        setattr(owner, name, work)


@contextmanager
def each_for_itself() -> Iterator[None]:
    """For tests that count what is called: no engine finds there what others have compiled."""
    _apart.append(None)
    try:
        yield
    finally:
        _apart.pop()
