"""The words of the offices: their kinds and refusals."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Refusals
from desk.language.text import Text, words
from desk.offices.refusals import OfficeCodeTaken
from desk.offices.rules import OfficeKind

_ = words("wording")

OFFICE_KINDS: dict[OfficeKind, Text] = {
    OfficeKind.PISHKHAN: _("Pishkhan office"),
    OfficeKind.KEFALAT: _("Kefalat office"),
    OfficeKind.DIRECTORATE: _("Desk of the directorate"),
}

REFUSALS: Final[Refusals] = {
    OfficeCodeTaken: _("Another office has this code."),
}
