"""The words of the catalogue: channels, who comes, states of records, and refusals."""

from __future__ import annotations

from typing import Final

from backoffice.layout.badge import Badge
from backoffice.tables import Events, EventWords, Fields, Labels, Messages, Refusals
from desk.announcements.rules import AnnouncementNotice
from desk.catalogue.refusals import (
    CopyDemanded,
    FeeInForce,
    FeeNotLonger,
    FeeOverlaps,
    IrreversibleNotBookable,
    NoSuchOpening,
    NoSuchQuestion,
    ServiceCodeTaken,
    ShortTitleTooLong,
)
from desk.catalogue.rules import Audience, PaperProvince, RecordState, ServiceChannel
from desk.language.text import Text, words

_ = words("wording")
_history = words("history")
_message = words("undelivered")

MESSAGES: Final[Messages] = {AnnouncementNotice.ANNOUNCED: _message("Something is announced of a service")}

CHANNELS: dict[ServiceChannel, Text] = {
    ServiceChannel.PISHKHAN: _("Pishkhan offices"),
    ServiceChannel.KEFALAT: _("Kefalat offices"),
    ServiceChannel.DIRECTORATE: _("The directorate"),
    ServiceChannel.OTHER: _("Another place"),
}

AUDIENCES: dict[Audience, Text] = {
    Audience.APPLICANT: _("The person themselves"),
    Audience.EVERYONE: _("Everybody in the household"),
    Audience.HEAD: _("The head of the household"),
    Audience.ANY_MEMBER: _("Any member of the household"),
}

PAPER_PROVINCES: dict[PaperProvince, Text] = {
    PaperProvince.ANYWHERE: _("Is served everywhere"),
    PaperProvince.OWN: _("Is served only in its own province"),
    PaperProvince.REFUSED: _("Only in its own province; elsewhere no turn"),
}

RECORD_STATES: dict[RecordState, Badge] = {
    RecordState.DRAFT: Badge(_("Not confirmed yet"), "pencil", "warn"),
    RecordState.CONFIRMED: Badge(_("Confirmed"), "circle-check", "good"),
    RecordState.EXPIRED: Badge(_("Review is overdue"), "alert-triangle", "bad"),
}

REFUSALS: Final[Refusals] = {
    ServiceCodeTaken: _("Another service has this code."),
    ShortTitleTooLong: _("The short title is too long for a button: 20 letters at most."),
    FeeOverlaps: _("A fee that begins on or after this day is in the way. End that one first."),
    FeeNotLonger: _("The fee ends before this day already. Enter a new fee for the days after it."),
    FeeInForce: _("This fee was in force. Its last day cannot lie before its first."),
    IrreversibleNotBookable: _("What cannot be undone is information only: no turns."),
    NoSuchQuestion: _("People are asked 2 to 14 days before, and only about what can be booked."),
    NoSuchOpening: _("Days ahead are 1 to 59. An hour needs the days, and lies before midnight."),
    CopyDemanded: _("Copies may not be demanded. Ask to see the original."),
}

EVENTS: Final[Events] = {
    "service.create": EventWords(
        _history("Service: entered"),
        lambda who, what: _history("{who} entered the service {what}.", who=who, what=what),
    ),
    "service.update": EventWords(
        _history("Service: changed"),
        lambda who, what: _history("{who} changed the service {what}.", who=who, what=what),
    ),
    "fee.set": EventWords(
        _history("Fee: entered"),
        lambda who, what: _history("{who} entered a fee for {what}.", who=who, what=what),
    ),
    "fee.confirm": EventWords(
        _history("Fee: confirmed"),
        lambda who, what: _history("{who} confirmed a fee of {what}.", who=who, what=what),
    ),
    "fee.end": EventWords(
        _history("Fee: ended"),
        lambda who, what: _history("{who} let a fee of {what} end.", who=who, what=what),
    ),
    "papers.save": EventWords(
        _history("Papers: changed"),
        lambda who, what: _history("{who} changed the papers of {what}.", who=who, what=what),
    ),
    "steps.save": EventWords(
        _history("Steps: changed"),
        lambda who, what: _history("{who} changed the steps of {what}.", who=who, what=what),
    ),
}

FIELDS: Final[Fields] = {
    "short_title": _history("Short title"),
    "description": _history("Description"),
    "channel": _history("Way"),
    "agency": _history("Agency"),
    "duration": _history("Duration"),
    "is_bookable": _history("Turns are given"),
    "days_ahead": _history("Days ahead that are open"),
    "opens_at": _history("A new day opens at"),
    "asks_days_before": _history("Days before which people are asked whether they come"),
    "is_per_household": _history("One visit serves a whole household"),
    "is_published": _history("Published"),
    "paper_province": _history("A paper of another province"),
    "needs_slip": _history("Travel slip is needed"),
    "slip_from": _history("Where the slip is given"),
    "travel_kinds": _history("Papers for which this holds"),
    "source": _history("Source"),
    "source_date": _history("Date of the source"),
    "amount_rial": _history("Amount"),
    "per_person": _history("For each person"),
    "confirmed_on": _history("Confirmed on"),
    "papers": _history("Papers"),
    "steps": _history("Steps"),
}

LABELS: Final[Labels] = {
    ("service", "channel"): CHANNELS,
    ("service", "paper_province"): PAPER_PROVINCES,
}
