"""The words of hours and days: how a day differs, and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from backoffice.tables import Refusals
from desk.capacity.models import ExceptionKind
from desk.capacity.refusals import (
    HoursOutOfOrder,
    HoursOverlap,
    NotBookable,
    NotPlausible,
    ServiceNotOffered,
    SlotPassed,
    SlotTaken,
    TooFarAhead,
)
from desk.language.text import Text, words

_ = words("wording")

EXCEPTIONS: dict[ExceptionKind, Text] = {
    ExceptionKind.CLOSED: _("Closed"),
    ExceptionKind.HOURS: _("Other hours"),
}

REFUSALS: Final[Refusals] = {
    SlotTaken: _("That time has just been taken. Please choose another."),
    SlotPassed: _("That time has passed. Please choose another."),
    TooFarAhead: _("That day is too far ahead. Please choose an earlier time."),
    NotBookable: _("No turns are given for this service."),
    ServiceNotOffered: _("This service is not given there any more. Please choose another time."),
    HoursOutOfOrder: _("These hours do not fit together."),
    NotPlausible: _("Is that meant? Please look at the numbers once more."),
    HoursOverlap: _("These hours overlap hours that stand here already."),
}

NOTICES: Final[Mapping[str, Text]] = {
    "day_closed": _("The day is closed."),
}
