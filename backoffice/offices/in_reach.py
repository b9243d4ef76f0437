"""The office of an address, and the offices that a person may choose from, with the chosen one."""

from __future__ import annotations

from dataclasses import dataclass

from backoffice.access import require_within
from backoffice.web.http import PageRequest
from desk.acting import OutOfReach
from desk.language.text import Localised, Text, words
from desk.offices import finding as offices
from desk.offices import queries
from desk.offices.queries import in_order as offices_order
from desk.offices.rows import OfficeRow
from desk.storage.base import ReadSession, WriteSession

_ = words("frame")

COOKIE = "office"
LONG = 12
"""The most offices in a select box; with more, there is a search."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An office in the select box; an inactive one says so."""

    id: int
    code: str
    name: Localised | Text


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeChoice:
    """The offices within the scope, inactive ones last.

    `current` is the requested one, else the last one used, else the first.
    """

    offices: list[Listed]
    current: OfficeRow | None

    @property
    def is_needed(self) -> bool:
        """Whether there is more than one."""
        return len(self.offices) > 1

    @property
    def is_long(self) -> bool:
        """Whether there are too many for a select box: then there is a search (`office_search`)."""
        return len(self.offices) > LONG

    @property
    def remember(self) -> dict[str, str]:
        """The cookie that selects the same office next time."""
        return {COOKIE: str(self.current.id)} if self.current else {}


def office_in_reach(session: ReadSession | WriteSession, request: PageRequest) -> OfficeRow:
    """The office of the address; raises OutOfReach outside of the scope."""
    office = queries.office(session, office_id=request.path["office"])
    if office is None:
        raise OutOfReach
    require_within(request.scope, office.node)
    return office


def choice_for(session: ReadSession | WriteSession, request: PageRequest, *, wanted: int | None) -> OfficeChoice:
    """Read the offices in one statement; an inactive one may be chosen, for appointments that people still hold there.

    Raises OutOfReach where the office asked for is not within reach.
    """
    remembered = _remembered(request)
    asked_for = [each for each in (wanted, remembered) if each is not None]
    found = offices.some(session, scope=request.scope, first=asked_for, limit=LONG + 1)
    by_id = {row.id: row for row in found}
    if wanted is not None and wanted not in by_id:
        raise OutOfReach
    within = sorted(found, key=lambda row: (not row.is_active, *offices_order(row)))
    current = by_id.get(wanted or 0) or by_id.get(remembered or 0)
    listed = [
        Listed(id=row.id, code=row.code, name=row.name if row.is_active else _("{office}: out of use", office=row.name))
        for row in within
    ]
    return OfficeChoice(offices=listed, current=current or (within[0] if within else None))


def _remembered(request: PageRequest) -> int | None:
    typed = request.cookie(COOKIE)
    return int(typed) if typed.isdecimal() and len(typed) < 16 else None
