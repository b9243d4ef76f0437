"""What a closing is called: what happens, and where."""

from __future__ import annotations

from collections.abc import Sequence

from desk.capacity.cutting import CutKind, DayCut
from desk.closings.queries import ClosingRow, OfficeOfClosing
from desk.language.text import Param, Text, inline, words
from desk.offices import queries as offices
from desk.storage.base import ReadSession
from desk.values import ClockTime

_ = words("closing")

LAST_MINUTE = 24 * 60 - 1


def said_cut(by: DayCut) -> Param:
    """What happens to each day, in words."""
    return inline(_what(by), _hours(by))


def place_of(session: ReadSession, row: ClosingRow, of_it: Sequence[OfficeOfClosing]) -> Param:
    """Where it happens; `of_it` = its offices."""
    sort, _colon, key = row.subject.partition(":")
    if sort == "province":
        name = next((each.name for each in offices.provinces(session) if each.code == key), None)
        if name is not None:
            return _("The province {province}", province=name)
    if sort == "nation" or not of_it:
        return _("The whole country")
    if len(of_it) > 1:
        return _("{n} offices", n=len(of_it))
    return _("One queue: {office}", office=of_it[0].name) if sort == "queue" else of_it[0].name


def _what(by: DayCut) -> Text:
    if by.kind is CutKind.OPEN:
        return _("{n} counters more", n=by.counters or 0)
    return _("closed") if by.counters is None else _("{n} counters closed", n=by.counters)


def _hours(by: DayCut) -> Text | None:
    if by.opens is None or by.closes is None:
        return None
    return _(
        "from {first} to {last}",
        first=ClockTime.from_minutes(by.opens),
        last=ClockTime.from_minutes(min(by.closes, LAST_MINUTE)),
    )
