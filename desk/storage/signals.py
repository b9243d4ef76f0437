"""Signals: what a commit changed, by subject, id, office and day, told to the listeners of this process."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple, ParamSpec

import structlog

log = structlog.get_logger(__name__)

P = ParamSpec("P")


class ChangedRow(NamedTuple):
    """A row of a subject such as `turns` is new or has changed; ids and days only, never content."""

    subject: str
    id: int
    office_id: int | None = None
    """The office where it shows; None = at no single office, or the writer does not know it."""
    day: date | None = None
    """The local day on which it shows there; None = on no single day."""


EVERYTHING = ChangedRow("everything", 0)
"""Changes may have been missed: listeners reload everything."""

Hears = Callable[[frozenset[ChangedRow]], None]


class Signals:
    """Passes on what this process committed (`tell`) and what others committed (`pass_on`)."""

    def __init__(self) -> None:
        self._hearers: list[Hears] = []
        self._relays: list[Hears] = []

    def subscribe(self, hears: Hears) -> None:
        """Call `hears` in the event loop after each commit that changed something, whichever process made it."""
        self._hearers.append(hears)

    def relay_by(self, hears: Hears) -> None:
        """Call `hears` with what this process committed only, to tell other processes."""
        self._relays.append(hears)

    def tell(self, changes: Iterable[ChangedRow]) -> None:
        """This process committed these changes."""
        told = frozenset(changes)
        if told:
            self.pass_on(told)
            for relay in self._relays:
                called(relay, told)

    def pass_on(self, changes: frozenset[ChangedRow]) -> None:
        """Another process committed these changes."""
        for hears in self._hearers:
            called(hears, changes)


def called(listener: Callable[P, None], /, *args: P.args, **kwargs: P.kwargs) -> None:
    """Call a listener after a commit; its fault is logged, for what it listens to is done and others wait for it."""
    try:
        listener(*args, **kwargs)
    except Exception as error:
        log.exception("listener_failed", error=type(error).__name__)
