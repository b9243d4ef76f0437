"""The words of the offices: their kinds and refusals."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Events, EventWords, Fields, Labels, Refusals
from desk.language.text import Text, words
from desk.offices.refusals import ChangedFromAbove, OfficeCodeTaken
from desk.offices.rules import OfficeKind

_ = words("wording")
_history = words("history")

OFFICE_KINDS: dict[OfficeKind, Text] = {
    OfficeKind.PISHKHAN: _("Pishkhan office"),
    OfficeKind.KEFALAT: _("Kefalat office"),
    OfficeKind.DIRECTORATE: _("Desk of the directorate"),
}

REFUSALS: Final[Refusals] = {
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
}

FIELDS: Final[Fields] = {
    "city": _history("City"),
    "address": _history("Address"),
    "latitude": _history("Latitude"),
    "longitude": _history("Longitude"),
    "phone": _history("Telephone"),
    "zone": _history("Time zone"),
}

LABELS: Final[Labels] = {("office", "kind"): OFFICE_KINDS}
