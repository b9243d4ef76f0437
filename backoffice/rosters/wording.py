"""The words of rosters in the history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from backoffice.tables import Events, EventWords
from desk.language.text import FullDay, Param, series, words
from desk.values import LocalDay

_history = words("history")


def said_days(data: Mapping[str, Any]) -> Iterator[Param]:
    """Which days somebody is off duty now, and on which they are on duty again."""
    for days in data.get("off", {}).values():
        yield _history("Off duty: {days}", days=_days(days))
    for days in data.get("on", {}).values():
        yield _history("On duty again: {days}", days=_days(days))


def said_conditions(data: Mapping[str, Any]) -> Iterator[Param]:
    """Whether they are announced now."""
    yield _history("Announced") if data.get("announced") else _history("Not announced any more")


def _days(days: list[str]) -> Param:
    return series(*(FullDay(LocalDay(date.fromisoformat(each))) for each in days))


EVENTS: Final[Events] = {
    "roster.set": EventWords(
        _history("Roster: changed"),
        lambda who, what: _history("{who} changed who is on duty at {what}.", who=who, what=what),
        said_days,
    ),
    "marshal.conditions": EventWords(
        _history("Conditions for marshals: changed"),
        lambda who, what: _history("{who} changed what is asked of marshals.", who=who),
        said_conditions,
    ),
}
