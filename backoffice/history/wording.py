"""The words of the history's own events, and the labels of fields that several subjects have."""

from __future__ import annotations

from typing import Final

from backoffice.exports import PURPOSES
from backoffice.tables import Events, EventWords, Fields, Labels
from desk.language.text import words

_ = words("history")

EVENTS: Final[Events] = {
    "page.read": EventWords(
        _("People on a page: seen"),
        lambda who, what: _("{who} saw people on a page: {what}.", who=who, what=what),
    ),
    "history.read": EventWords(
        _("History: read"),
        lambda who, what: _("{who} read this history.", who=who),
    ),
    "history.export": EventWords(
        _("History: taken away"),
        lambda who, what: _("{who} took this history away as a file.", who=who),
    ),
}

FIELDS: Final[Fields] = {
    "code": _("Code"),
    "kind": _("Kind"),
    "province_code": _("Province"),
    "name": _("Name"),
    "is_active": _("In use"),
    "title": _("Title"),
    "valid_from": _("Valid from"),
    "valid_to": _("Valid until"),
    "state": _("State"),
    "reason": _("Reason"),
    "purpose": _("For"),
}
"""Fields that several subjects have."""

LABELS: Final[Labels] = {("history", "purpose"): PURPOSES}
