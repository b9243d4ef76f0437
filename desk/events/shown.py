"""Collects whom a page shows: each row that shows an applicant registers itself when it is made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_seen: ContextVar[set[str] | None] = ContextVar("rows that show somebody", default=None)


class ShowsSomebody:
    """A row that shows an applicant or their words; one that is made while somebody looks is registered as seen."""

    __slots__ = ()

    @property
    def shows(self) -> str:
        """The subject in the history: `appointment:7`, `case:7`."""
        raise NotImplementedError

    def __post_init__(self) -> None:
        seen = _seen.get()
        if seen is not None:
            seen.add(self.shows)


def not_shown(row: ShowsSomebody) -> None:
    """Unregister a row that lies beyond the reader's scope and is not shown."""
    seen = _seen.get()
    if seen is not None:
        seen.discard(row.shows)


@contextmanager
def looking() -> Iterator[set[str]]:
    """Collect the subjects of rows that are made in this context, also inside of transactions."""
    seen: set[str] = set()
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)
