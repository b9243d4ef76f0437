"""The words of the offices: their kinds, how it stands with their services, and refusals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from backoffice.layout.badge import Badge
from backoffice.tables import Events, EventWords, Fields, Labels, Refusals
from desk.capacity.refusals import DoesNotFollow, NotGivenThere, TermPassed
from desk.capacity.status_rules import GivingState, LegalBasis
from desk.language.text import FullDay, Localised, Param, Text, words
from desk.language.vocabulary import weekday
from desk.offices.assistance import HAS_NONE
from desk.offices.refusals import ChangedFromAbove, OfficeCodeTaken
from desk.offices.rules import Assistance, OfficeKind
from desk.values import LocalDay

_ = words("wording")
_history = words("history")

OFFICE_KINDS: dict[OfficeKind, Text] = {
    OfficeKind.PISHKHAN: _("Pishkhan office"),
    OfficeKind.KEFALAT: _("Kefalat office"),
    OfficeKind.DIRECTORATE: _("Desk of the directorate"),
}

WEEKDAYS: dict[str, Text] = {str(number): weekday(number) for number in range(7)} | {HAS_NONE: _history("on no day")}
"""As the history keeps the days on which an office has something."""

STATES: dict[GivingState, Badge] = {
    GivingState.ACTIVE: Badge(_("Given"), "circle-check", "good"),
    GivingState.WARNED: Badge(_("Warned; given"), "alert-triangle", "warn"),
    GivingState.SUSPENDED: Badge(_("Suspended"), "player-pause", "bad"),
    GivingState.RESTORED: Badge(_("Given again"), "circle-check", "good"),
    GivingState.ENDED: Badge(_("Ended"), "ban", "calm"),
}

BASES: dict[LegalBasis, Text] = {
    LegalBasis.ANNOUNCEMENT: _("Announcement 4 of the association of counter offices"),
    LegalBasis.DIRECTIVE: _("A directive of the directorate"),
    LegalBasis.BY_LAW: _("The by-law of principles that govern counter offices"),
    LegalBasis.REQUEST: _("The office asked for it"),
}


def said_status(data: Mapping[str, Any]) -> Iterator[Param]:
    """Which service it is about, what holds now and what held before, by which rule, and until when."""
    old, new = data.get("old", {}), data.get("new", {})
    if data.get("service"):
        yield _history("Service: {service}", service=Localised(data["service"]))
    if "state" in new:
        now, before = STATES[GivingState(new["state"])].label, STATES[GivingState(old["state"])].label
        yield _history("Now {state}; before that {old}.", state=now, old=before)
    yield _history("Rule: {rule}", rule=BASES[LegalBasis(data["basis"])])
    if new.get("until_day"):
        yield _history("To be looked at again by {day}.", day=FullDay(LocalDay(date.fromisoformat(new["until_day"]))))


REFUSALS: Final[Refusals] = {
    DoesNotFollow: lambda refusal: _(
        "That cannot follow on «{state}». Please choose another.", state=STATES[refusal.state].label
    ),
    TermPassed: _("Only a warning or a suspension has such a day, and it lies ahead."),
    NotGivenThere: _("This office was never given this service."),
    OfficeCodeTaken: _("Another office has this code."),
    ChangedFromAbove: _("This decides about the office: only somebody above it may change it."),
}

EVENTS: Final[Events] = {
    "office.create": EventWords(
        _history("Office: entered"),
        lambda who, what: _history("{who} entered the office {what}.", who=who, what=what),
    ),
    "office.update": EventWords(
        _history("Office: changed"),
        lambda who, what: _history("{who} changed the office {what}.", who=who, what=what),
    ),
    "office.assistance": EventWords(
        _history("Office: woman clerk and interpreters"),
        lambda who, what: _history("{who} said when {what} has a woman clerk or an interpreter.", who=who, what=what),
    ),
    "office.service": EventWords(
        _history("Service of an office: warned, suspended, given back"),
        lambda who, what: _history("{who} decided about a service of {what}.", who=who, what=what),
        said_status,
    ),
}

FIELDS: Final[Fields] = {
    "city": _history("City"),
    "address": _history("Address"),
    "latitude": _history("Latitude"),
    "longitude": _history("Longitude"),
    "phone": _history("Telephone"),
    "zone": _history("Time zone"),
    "woman_clerk": _history("Woman clerk"),
    "pashto": _history("Pashto interpreter"),
    "arabic": _history("Arabic interpreter"),
}

LABELS: Final[Labels] = {("office", "kind"): OFFICE_KINDS} | {("office", kind.value): WEEKDAYS for kind in Assistance}
