"""The words of absences, decisions and missing outcomes: refusals, states, messages and the history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from backoffice.layout.badge import Badge
from backoffice.tables import Events, EventWords, Labels, Messages, Refusals
from desk.absences.refusals import (
    AbsenceSettled,
    SecondPersonNeeded,
    UnservedWithoutReason,
    UpheldWithoutWhy,
)
from desk.absences.rules import AbsenceNotice, AbsenceState, UpheldWhy
from desk.language.text import FullDay, Param, Text, series, words
from desk.values import LocalDay

_ = words("outcomes")
_history = words("history")
_message = words("messages")

STATES: Final[Mapping[AbsenceState, Badge]] = {
    AbsenceState.ASKED: Badge(_("The person is asked"), "hourglass", "calm"),
    AbsenceState.AWAY: Badge(_("They could not come"), "info-circle", "calm"),
    AbsenceState.OBJECTED: Badge(_("They were there, they say"), "hourglass", "warn"),
    AbsenceState.OVERTURNED: Badge(_("It does not count"), "circle-check", "good"),
    AbsenceState.UPHELD: Badge(_("The record stays"), "ban", "calm"),
    AbsenceState.UNDONE: Badge(_("Taken back by the office"), "arrow-back-up", "calm"),
}

WHY: Final[Mapping[UpheldWhy, Text]] = {
    UpheldWhy.NOT_SEEN: _("Nobody at the office saw them, and no arrival is written down"),
    UpheldWhy.ANOTHER_DAY: _("They came on another day"),
    UpheldWhy.AFTER_CLOSING: _("They came after the office had closed"),
    UpheldWhy.ANOTHER_OFFICE: _("They were at another office"),
}

REFUSALS: Final[Refusals] = {
    AbsenceSettled: lambda refusal: _("Nothing is left to decide: «{state}».", state=STATES[refusal.state].label),
    SecondPersonNeeded: _("You recorded this absence yourself: somebody else decides about it."),
    UpheldWithoutWhy: _("Please choose the reason: the person reads it."),
    UnservedWithoutReason: _("Please write the reason: the person reads it."),
}

NOTICES: Final[Mapping[str, Text]] = {
    "absence_decided": _("It is decided, and the person is told."),
    "unserved_recorded": _("It is recorded. The person is told and gets the nearest free time."),
}

MESSAGES: Final[Messages] = {
    AbsenceNotice.OVERTURNED: _message("An absence that does not count"),
    AbsenceNotice.UPHELD: _message("An absence that stays recorded"),
    AbsenceNotice.UNSERVED: _message("The office did not serve somebody"),
}


def said_days(data: Mapping[str, Any]) -> Iterator[Param]:
    """On which days outcomes are missing."""
    yield series(*(FullDay(LocalDay(date.fromisoformat(day))) for day in data.get("days", [])))


EVENTS: Final[Events] = {
    "absence.answered": EventWords(
        _history("Absence: the person answered"),
        lambda who, what: _history("{who} answered to the absence {what}.", who=who, what=what),
    ),
    "absence.decided": EventWords(
        _history("Absence: decided"),
        lambda who, what: _history("{who} decided about the absence {what}.", who=who, what=what),
    ),
    "absence.read": EventWords(
        _history("Absence: read"),
        lambda who, what: _history("{who} read the objection to the absence {what}.", who=who, what=what),
    ),
    "absence.taken_back": EventWords(
        _history("Absence: taken back despite an objection"),
        lambda who, what: _history(
            "{who} took the absence {what} back, to which the person objected.", who=who, what=what
        ),
    ),
    "outcomes.missing": EventWords(
        _history("Outcomes: missing"),
        lambda who, what: _history("Outcomes of past turns are missing at {what}.", what=what),
        said_days,
    ),
    "outcomes.read": EventWords(
        _history("Outcomes: list read"),
        lambda who, what: _history("{who} read which turns of {what} have no outcome.", who=who, what=what),
    ),
}

LABELS: Final[Labels] = {
    ("absence", "state"): {state: badge.label for state, badge in STATES.items()},
    ("absence", "why"): WHY,
}
