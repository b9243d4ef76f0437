"""The words of a refusal that any form can meet."""

from __future__ import annotations

from typing import Final

from backoffice.tables import Refusals
from desk.language.text import words
from desk.refusals import TooLong

_ = words("wording")

REFUSALS: Final[Refusals] = {
    TooLong: lambda refusal: _("That is too long: {n} letters at most.", n=refusal.most),
}
