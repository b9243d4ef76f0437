"""The words of hours and days: how a day differs, and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backoffice.capacity.past import said_differing_day, said_own_horizon, said_quota, said_rule, said_shares, said_week
from backoffice.exports import PURPOSES
from backoffice.tables import Events, EventWords, Fields, Labels, Refusals
from desk.capacity.models import ExceptionKind
from desk.capacity.refusals import (
    HoursOutOfOrder,
    MoreDaysThanService,
    NotBookable,
    NotOpenYet,
    NotPlausible,
    OtherHoursPlanned,
    PlaceIsDrawn,
    QuotaOutOfOrder,
    QuotaUsedUp,
    ServiceNotOffered,
    SharesOutOfOrder,
    SlotPassed,
    SlotTaken,
    TooFarAhead,
    WeekOutOfOrder,
)
from desk.capacity.rules import FEWEST_MINUTES, MOST_COUNTERS, MOST_PLACES, Doubt, RangeFault
from desk.language.text import Text, words

_ = words("wording")
_history = words("history")
_capacity = words("capacity")

EXCEPTIONS: dict[ExceptionKind, Text] = {
    ExceptionKind.CLOSED: _("Closed"),
    ExceptionKind.HOURS: _("Other hours"),
    ExceptionKind.EXTRA: _("Further hours beside the usual ones"),
}

DOUBTS: dict[Doubt, Text] = {
    Doubt.PLACES: _capacity("More than {n} places a day are unusual for one queue.", n=MOST_PLACES),
    Doubt.COUNTERS: _capacity("More than {n} counters are unusual for one queue.", n=MOST_COUNTERS),
    Doubt.MINUTES: _capacity("Fewer than {n} minutes are hardly enough for one person.", n=FEWEST_MINUTES),
    Doubt.NIGHT: _capacity("That is very early or very late for an office."),
}

RANGE_FAULTS: dict[RangeFault, tuple[str, Text]] = {
    RangeFault.ORDER: ("closes", _capacity("The office has to open before it closes.")),
    RangeFault.SHORT: ("minutes", _capacity("One person needs more time than the office is open.")),
    RangeFault.OVERLAP: ("opens", _capacity("These hours overlap those above.")),
}
"""By the fault of a range: the field at which it stands, and its words."""

OVERLAPS: Final = _capacity("These hours overlap others of this day.")

DATES: dict[str, Text] = {
    "valid_to": _capacity("The last day lies before the first."),
    "valid_from": _capacity("A change begins today at the earliest: what has been stays as it was."),
}

REFUSALS: Final[Refusals] = {
    SlotTaken: _("That time has just been taken. Please choose another."),
    SlotPassed: _("That time has passed. Please choose another."),
    TooFarAhead: _("That day is too far ahead. Please choose an earlier time."),
    NotOpenYet: _("That day is not open for turns yet."),
    MoreDaysThanService: _("The service opens fewer days ahead: an office opens no more."),
    QuotaUsedUp: _("The queue takes nobody more for this service on that day. Please choose another day."),
    QuotaOutOfOrder: _("From 1 to 999 people a day, or empty."),
    PlaceIsDrawn: _("The places of that day are drawn: nobody can be booked for one."),
    NotBookable: _("No turns are given for this service."),
    ServiceNotOffered: _("This service is not given there any more. Please choose another time."),
    HoursOutOfOrder: _("These hours do not fit together."),
    SharesOutOfOrder: _("Both shares together are at most 100 percent."),
    NotPlausible: _("Is that meant? Please look at the numbers once more."),
    WeekOutOfOrder: _("These hours do not fit together."),
    OtherHoursPlanned: _("Other hours of this queue are planned for later."),
}

NOTICES: Final[Mapping[str, Text]] = {
    "day_closed": _("The day is closed."),
}

EVENTS: Final[Events] = {
    "queue.save": EventWords(
        _history("Queue: changed"),
        lambda who, what: _history("{who} changed the queue {what}.", who=who, what=what),
    ),
    "week.save": EventWords(
        _history("Whole week: changed"),
        lambda who, what: _history("{who} changed the week of the queue {what}.", who=who, what=what),
        said_week,
    ),
    "rule.save": EventWords(
        _history("Weekly hours: entered"),
        lambda who, what: _history("{who} entered weekly hours of the queue {what}.", who=who, what=what),
        said_rule,
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
        said_differing_day,
    ),
    "day.clear": EventWords(
        _history("Day: as usual again"),
        lambda who, what: _history("{who} let a day of the queue {what} be as usual again.", who=who, what=what),
        said_differing_day,
    ),
    "capacity.export": EventWords(
        _history("Days of the offices: taken away"),
        lambda who, what: _history("{who} took the days of the offices away as a file.", who=who),
    ),
    "horizon.set": EventWords(
        _history("When days open at an office: changed"),
        lambda who, what: _history("{who} changed when the days of {what} open at this office.", who=who, what=what),
        said_own_horizon,
    ),
    "shares.set": EventWords(
        _history("Places that are set apart: changed"),
        lambda who, what: _history("{who} changed which places of the queue {what} are set apart.", who=who, what=what),
        said_shares,
    ),
    "quota.set": EventWords(
        _history("People a day for a service: changed"),
        lambda who, what: _history("{who} changed how many people a day the queue {what} takes.", who=who, what=what),
        said_quota,
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

LABELS: Final[Labels] = {("capacity", "purpose"): PURPOSES, ("queue", "kind"): EXCEPTIONS}
