"""Which offices a sheet is filled with: all within reach, those of one province, or those that some words find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backoffice.brought_in.cells import TooManyToTake
from backoffice.brought_in.sheets import MOST_ROWS
from backoffice.forms.choices import Option
from backoffice.web.http import PageRequest
from desk.offices import finding, queries
from desk.offices.rows import OfficeRow
from desk.organisation import province
from desk.storage.base import ReadSession


@dataclass(frozen=True, slots=True)
class ChosenOffices:
    """The province and the words that were chosen; both empty = all offices within reach."""

    province: str = ""
    words: str = ""

    @classmethod
    def of(cls, request: PageRequest) -> ChosenOffices:
        """What the form says."""
        return cls(request.form_text("province"), request.form_text("words")[:80])

    def found(self, session: ReadSession, request: PageRequest) -> Sequence[OfficeRow]:
        """The offices. Raises TooManyToTake: a sheet from which some are missing looks like a whole one."""
        found = finding.find(
            session,
            scope=request.scope,
            provinces=queries.provinces(session),
            words=self.words,
            province_code=self.province or None,
            limit=MOST_ROWS,
        )
        if found.total > MOST_ROWS:
            raise TooManyToTake(found.total)
        return found.rows


def provinces_within(session: ReadSession, request: PageRequest) -> list[Option]:
    """The provinces among which somebody may choose; nothing to choose = none."""
    within: list[Option] = [
        (row.code, row.name) for row in queries.provinces(session) if request.scope.covers(province(row.code))
    ]
    return within if len(within) > 1 else []
