"""The words of the catalogue: channels, who comes, states of records, and refusals."""

from __future__ import annotations

from typing import Final

from backoffice.layout.badge import Badge
from backoffice.tables import Refusals
from desk.catalogue.refusals import (
    CopyDemanded,
    FeeInForce,
    FeeNotLonger,
    FeeOverlaps,
    IrreversibleNotBookable,
    ServiceCodeTaken,
    ShortTitleTooLong,
)
from desk.catalogue.rules import Audience, RecordState, ServiceChannel
from desk.language.text import Text, words

_ = words("wording")

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
    CopyDemanded: _("Copies may not be demanded. Ask to see the original."),
}
