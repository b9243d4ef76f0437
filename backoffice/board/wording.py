"""The words of the board: what a press did, and why it was not possible."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Refusals
from desk.language.text import Reference, Text, words
from desk.line.refusals import (
    CounterBusy,
    LineOver,
    NoSuchCounter,
    NotCalledOften,
    NothingToUndo,
    NotInLine,
    NotPossibleNow,
    NotYourPress,
)

_ = words("board")

REFUSALS: Final[Refusals] = {
    NotInLine: _("This person is not in the line: they did not come yet, or went away."),
    NotPossibleNow: lambda refusal: _(
        "Somebody else was quicker: {number} is somewhere else by now. The board shows where.",
        number=Reference(refusal.call_number),
    ),
    CounterBusy: lambda refusal: _(
        "{number} is at counter {n}. First end with them, hold them, or choose another counter.",
        number=Reference(refusal.call_number),
        n=refusal.counter,
    ),
    NoSuchCounter: _("There is no counter of this number."),
    NotCalledOften: lambda refusal: _(
        "To the end only after {n} calls; {calls} were made.", n=refusal.most_calls, calls=refusal.calls
    ),
    LineOver: _("The line of that day is over."),
    NothingToUndo: _("There is nothing to take back any more, or something else came after it."),
    NotYourPress: _("Somebody else pressed this. Sign in as that person, or press it anew."),
}

SAID: Final[dict[str, Text]] = {
    "arrive": _("Has come; they are in the line now."),
    "begin": _("The service has begun."),
    "hold": _("On hold: the counter is free, and their place is kept."),
    "take_back": _("Back in the line, with their old place."),
    "here": _("They come to your counter."),
    "move": _("They are called to the other counter."),
    "come_back": _("The new turn is taken, and the person gets its ticket."),
    "to_the_end": _("They wait at the end of the line now."),
    "went_away": _("They went away. «Back in line» takes them back."),
    "undo": _("Taken back."),
    "undo_arrival": _("Taken back."),
    "undo_outcome": _("Taken back."),
}
"""What is said above the board, by the press."""
