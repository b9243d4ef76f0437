"""The words for closings in the history."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Events, EventWords, Fields
from desk.language.text import words

_history = words("history")

EVENTS: Final[Events] = {
    "closing.close": EventWords(
        _history("Closing"),
        lambda who, what: _history("{who} closed hours or days at several queues: {what}.", who=who, what=what),
    ),
    "closing.open": EventWords(
        _history("Opening more"),
        lambda who, what: _history("{who} opened more at several queues: {what}.", who=who, what=what),
    ),
    "closing.undo": EventWords(
        _history("Closing undone"),
        lambda who, what: _history("{who} undid a closing before anybody was told: {what}.", who=who, what=what),
    ),
}

FIELDS: Final[Fields] = {"closed_days": _history("Days"), "closed_queues": _history("Queues")}
