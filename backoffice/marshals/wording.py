"""The words of shifts and alarms: refusals, notices and the history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backoffice.tables import Events, EventWords, Refusals
from desk.language.text import Text, words
from desk.marshals.refusals import CrowdKnown, ShiftOutOfOrder, ShiftsOverlap
from desk.marshals.rules import DAYS_BACK
from desk.values import LocalMoment

_ = words("marshals")
_history = words("history")

REFUSALS: Final[Refusals] = {
    ShiftOutOfOrder: _(
        "Please write a shift that is over, of one day, at most {n} days ago.",
        n=DAYS_BACK,
    ),
    ShiftsOverlap: _("This person has another shift at this time."),
    CrowdKnown: lambda refusal: _(
        "The manager and the directorate were told at {when}. Press again after a quarter of an hour.",
        when=LocalMoment(refusal.at, refusal.zone).clock,
    ),
}

NOTICES: Final[Mapping[str, Text]] = {
    "shift_began": _("You keep order from now on."),
    "shift_ended": _("Your shift is over."),
    "shift_entered": _("The shift is written down."),
    "crowd_told": _("The manager and the directorate see it now."),
    "crowd_seen": _("It is noted that you saw it."),
}

EVENTS: Final[Events] = {
    "shift.began": EventWords(
        _history("Marshal: shift begun"),
        lambda who, what: _history("{who} keeps order at {what}.", who=who, what=what),
    ),
    "shift.ended": EventWords(
        _history("Marshal: shift ended"),
        lambda who, what: _history("{who} keeps order at {what} no longer.", who=who, what=what),
    ),
    "shift.entered": EventWords(
        _history("Marshal: shift entered"),
        lambda who, what: _history("{who} wrote down who kept order at {what}.", who=who, what=what),
    ),
    "crowd.alarm": EventWords(
        _history("Crowd: alarm"),
        lambda who, what: _history(
            "{who} told the manager and the directorate of a crowd ({what}).", who=who, what=what
        ),
    ),
    "crowd.seen": EventWords(
        _history("Crowd: alarm seen"),
        lambda who, what: _history("{who} saw that there is a crowd ({what}).", who=who, what=what),
    ),
}
