"""The words of draws: their messages and their history."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Events, EventWords, Fields, Messages
from desk.draws.rules import DrawNotice
from desk.language.text import words

_message = words("undelivered")
_history = words("history")

MESSAGES: Final[Messages] = {
    DrawNotice.NOT_DRAWN: _message("Somebody was not drawn"),
    DrawNotice.NOT_HELD: _message("A draw was not held"),
}


EVENTS: Final[Events] = {
    "draw_setting.changed": EventWords(
        _history("Draw: setting"),
        lambda who, what: _history("{who} set how places are given: {what}.", who=who, what=what),
    ),
    "draw.prepared": EventWords(
        _history("Draw: prepared"), lambda who, what: _history("{who} prepared a draw: {what}.", who=who, what=what)
    ),
    "draw.word_committed": EventWords(
        _history("Draw: word committed"),
        lambda who, what: _history("{who} committed to a word by its hash: {what}.", who=who, what=what),
    ),
    "draw.announced": EventWords(
        _history("Draw: announced"), lambda who, what: _history("{who} announced a draw: {what}.", who=who, what=what)
    ),
    "draw.frozen": EventWords(
        _history("Draw: list closed"),
        lambda who, what: _history("{who} closed the list of a draw: {what}.", who=who, what=what),
    ),
    "draw.figure_typed": EventWords(
        _history("Draw: figure typed"),
        lambda who, what: _history("{who} typed the public figure: {what}.", who=who, what=what),
    ),
    "draw.word_revealed": EventWords(
        _history("Draw: word revealed"),
        lambda who, what: _history("{who} revealed the word: {what}.", who=who, what=what),
    ),
    "draw.seed_read": EventWords(
        _history("Draw: seed read before its hour"),
        lambda who, what: _history("{who} read the seed before the hour: {what}.", who=who, what=what),
    ),
    "draw.drawn": EventWords(
        _history("Draw: drawn"), lambda who, what: _history("{who} drew: {what}.", who=who, what=what)
    ),
    "draw.over": EventWords(
        _history("Draw: over"), lambda who, what: _history("{who} ended a draw: {what}.", who=who, what=what)
    ),
    "draw.not_held": EventWords(
        _history("Draw: not held"),
        lambda who, what: _history("{who} did not hold a draw: {what}.", who=who, what=what),
    ),
}

FIELDS: Final[Fields] = {
    "is_drawn": _history("The places are drawn"),
    "publish_at": _history("Hour of the draw, in minutes"),
    "confirm_minutes": _history("Minutes to confirm"),
    "priority_share": _history("Share for priority classes, percent"),
}
