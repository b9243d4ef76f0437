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
        seen(self.shows)


def seen(subject: str) -> None:
    """Register a subject that a query gave without a row of its own, such as the id to which an address leads."""
    collected = _seen.get()
    if collected is not None:
        collected.add(subject)


def not_shown(row: ShowsSomebody) -> None:
    """Unregister a row that lies beyond the reader's scope and is not shown."""
    collected = _seen.get()
    if collected is not None:
        collected.discard(row.shows)


@contextmanager
def looking() -> Iterator[set[str]]:
    """Collect the subjects of rows that are made in this context, also inside of transactions."""
    collected: set[str] = set()
    token = _seen.set(collected)
    try:
        yield collected
    finally:
        _seen.reset(token)
