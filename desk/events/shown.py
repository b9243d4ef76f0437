"""Whom the rows that a page was answered with show: each such row says so itself, whichever query made it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_seen: ContextVar[set[str] | None] = ContextVar("rows that show somebody", default=None)


class ShowsSomebody:
    """A row that shows an applicant or what they wrote: made while somebody looks, it is noted as seen."""

    __slots__ = ()

    @property
    def shows(self) -> str:
        """What it shows, as the history calls it: `appointment:7`, `case:7`."""
        raise NotImplementedError

    def __post_init__(self) -> None:
        seen = _seen.get()
        if seen is not None:
            seen.add(self.shows)


def not_shown(row: ShowsSomebody) -> None:
    """It was found and lies beyond the reach of whoever looks: they do not get to see it."""
    seen = _seen.get()
    if seen is not None:
        seen.discard(row.shows)


@contextmanager
def looking() -> Iterator[set[str]]:
    """Gather what rows show that are made meanwhile, also those made inside of transactions."""
    seen: set[str] = set()
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)
