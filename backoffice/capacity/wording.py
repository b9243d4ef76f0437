"""The words of hours and days: how a day differs, and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backoffice.tables import Events, EventWords, Fields, Labels, Refusals
from desk.capacity.models import ExceptionKind
from desk.capacity.refusals import (
    HoursOutOfOrder,
    HoursOverlap,
    NotBookable,
    NotOpenYet,
    NotPlausible,
    ServiceNotOffered,
    SlotPassed,
    SlotTaken,
    TooFarAhead,
)
from desk.language.text import Text, words

_ = words("wording")
_history = words("history")

EXCEPTIONS: dict[ExceptionKind, Text] = {
    ExceptionKind.CLOSED: _("Closed"),
    ExceptionKind.HOURS: _("Other hours"),
}

REFUSALS: Final[Refusals] = {
    SlotTaken: _("That time has just been taken. Please choose another."),
    SlotPassed: _("That time has passed. Please choose another."),
    TooFarAhead: _("That day is too far ahead. Please choose an earlier time."),
    NotOpenYet: _("That day is not open for turns yet."),
    NotBookable: _("No turns are given for this service."),
    ServiceNotOffered: _("This service is not given there any more. Please choose another time."),
    HoursOutOfOrder: _("These hours do not fit together."),
    NotPlausible: _("Is that meant? Please look at the numbers once more."),
    HoursOverlap: _("These hours overlap hours that stand here already."),
}

NOTICES: Final[Mapping[str, Text]] = {
    "day_closed": _("The day is closed."),
}

EVENTS: Final[Events] = {
    "queue.save": EventWords(
        _history("Queue: changed"),
        lambda who, what: _history("{who} changed the queue {what}.", who=who, what=what),
    ),
    "rule.save": EventWords(
        _history("Weekly hours: entered"),
        lambda who, what: _history("{who} entered weekly hours of the queue {what}.", who=who, what=what),
    ),
    "rule.change": EventWords(
        _history("Weekly hours: changed"),
        lambda who, what: _history("{who} changed the weekly hours of the queue {what}.", who=who, what=what),
    ),
    "rule.delete": EventWords(
        _history("Weekly hours: taken out"),
        lambda who, what: _history("{who} took out weekly hours of the queue {what}.", who=who, what=what),
    ),
    "day.set": EventWords(
        _history("Day: changed"),
        lambda who, what: _history("{who} changed a day of the queue {what}.", who=who, what=what),
    ),
    "day.clear": EventWords(
        _history("Day: as usual again"),
        lambda who, what: _history("{who} let a day of the queue {what} be as usual again.", who=who, what=what),
    ),
    "holiday.save": EventWords(
        _history("Holiday: entered"),
        lambda who, what: _history("{who} entered the holiday {what}.", who=who, what=what),
    ),
    "holiday.delete": EventWords(
        _history("Holiday: taken out"),
        lambda who, what: _history("{who} took out the holiday {what}.", who=who, what=what),
    ),
}

FIELDS: Final[Fields] = {
    "services": _history("Services"),
    "weekday": _history("Weekday"),
    "opens": _history("Opens"),
    "closes": _history("Closes"),
    "minutes_per_person": _history("Minutes for each person"),
    "counters": _history("Counters"),
    "is_confirmed": _history("Certain"),
    "is_closed": _history("Closed"),
}

LABELS: Final[Labels] = {("queue", "kind"): EXCEPTIONS}
