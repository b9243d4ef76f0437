"""The words of the line of the day: refusals, its messages as staff read of them, and its history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from backoffice.tables import Events, EventWords, Fields, Messages, Refusals
from desk.language.text import Param, words
from desk.line.refusals import LineRulesOutOfOrder
from desk.line.rules import LineNotice

_ = words("line")
_history = words("history")
_message = words("undelivered")


def _counter(data: Mapping[str, Any]) -> Iterator[Param]:
    """Where a step leads to a counter, which; the moments of the step stand in the history anyway."""
    counter = data.get("new", {}).get("counter")
    if counter is not None:
        yield _history("Counter {n}", n=counter)


def _out_of_order(data: Mapping[str, Any]) -> Iterator[Param]:
    """The counter, and that others stood before them in the order."""
    yield from _counter(data)
    if data.get("passed_over"):
        yield _history("Before their place: {n} people stood ahead in the line", n=data["passed_over"])


REFUSALS: Final[Refusals] = {
    LineRulesOutOfOrder: lambda refusal: _(
        "Only numbers from {least} to {most} can be set here.", least=refusal.least, most=refusal.most
    ),
}

MESSAGES: Final[Messages] = {
    LineNotice.HERE: _message("In the line of the office"),
    LineNotice.SOON: _message("The place in the line has come near"),
    LineNotice.CALLED: _message("Called to a counter"),
    LineNotice.GONE: _message("Taken out of the line"),
}

EVENTS: Final[Events] = {
    "line.called": EventWords(
        _history("Line: called"),
        lambda who, what: _history("{who} called the person of the turn {what} to a counter.", who=who, what=what),
        _out_of_order,
    ),
    "line.called_again": EventWords(
        _history("Line: called again"),
        lambda who, what: _history("{who} called the person of the turn {what} again.", who=who, what=what),
        _counter,
    ),
    "line.began": EventWords(
        _history("Line: service began"),
        lambda who, what: _history("{who} began to serve the person of the turn {what}.", who=who, what=what),
        _out_of_order,
    ),
    "line.held": EventWords(
        _history("Line: held"),
        lambda who, what: _history("{who} let the person of the turn {what} wait aside.", who=who, what=what),
        _counter,
    ),
    "line.taken_back": EventWords(
        _history("Line: back at the old place"),
        lambda who, what: _history(
            "{who} put the person of the turn {what} back in line, at their old place.", who=who, what=what
        ),
        _counter,
    ),
    "line.to_counter": EventWords(
        _history("Line: another counter"),
        lambda who, what: _history("{who} sent the person of the turn {what} to another counter.", who=who, what=what),
        _counter,
    ),
    "line.to_the_end": EventWords(
        _history("Line: to the end"),
        lambda who, what: _history(
            "{who} put the person of the turn {what} at the end of the line: nobody came when called.",
            who=who,
            what=what,
        ),
        _counter,
    ),
    "line.went_away": EventWords(
        _history("Line: went away"),
        lambda who, what: _history(
            "{who} noted that the person of the turn {what} went away unserved.", who=who, what=what
        ),
        _counter,
    ),
    "line.priority": EventWords(
        _history("Line: priority"),
        lambda who, what: _history("{who} changed the priority of the turn {what} in the line.", who=who, what=what),
    ),
    "line.undone": EventWords(
        _history("Line: last step taken back"),
        lambda who, what: _history("{who} took the last step of the turn {what} in the line back.", who=who, what=what),
        _counter,
    ),
    "line.settings": EventWords(
        _history("Line: rules set"),
        lambda who, what: _history("{who} set the numbers of the order in the line: {what}.", who=who, what=what),
    ),
}

FIELDS: Final[Fields] = {
    "late_after": _history("Late after minutes"),
    "walk_in_counts_after": _history("Without a turn: counts as booked after minutes"),
    "most_calls": _history("Calls before the end of the line"),
    "priority_every": _history("One priority call in so many"),
    "come_now_at": _history("Told to come now at the place"),
    "has_priority": _history("Has priority"),
}
