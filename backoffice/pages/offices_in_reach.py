"""The offices a person may choose from, and the one they work at now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backoffice.exchange import Ask
from desk.offices import queries as offices
from desk.storage.base import ReadSession

COOKIE = "office"
LONG = 60
"""Offices that a list to pick from may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The offices in reach; `current` is the one asked for, else the one of last time, else the first."""

    offices: list[Any]
    current: Any | None

    @property
    def is_needed(self) -> bool:
        """There is something to choose."""
        return len(self.offices) > 1

    @property
    def is_long(self) -> bool:
        """Too many for a list to pick from; the page of offices has a search."""
        return len(self.offices) > LONG

    @property
    def remember(self) -> dict[str, str]:
        """The cookie that brings the same office next time."""
        return {COOKIE: str(self.current.id)} if self.current else {}


def choice_for(session: ReadSession, ask: Ask, *, wanted: int | None) -> Choice:
    """Look the offices up in one statement. An office out of reach is treated as not asked for."""
    within = offices.all_offices(session, scope=ask.scope, active_only=True)
    remembered = ask.cookies.get(COOKIE, "")
    by_id = {row.id: row for row in within}
    current = by_id.get(wanted or 0) or by_id.get(int(remembered) if remembered.isdecimal() else 0)
    return Choice(offices=within, current=current or (within[0] if within else None))
