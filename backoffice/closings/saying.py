"""What a closing is called: what happens, and where."""

from __future__ import annotations

from collections.abc import Sequence

from desk.capacity.cutting import CutKind, DayCut
from desk.closings.queries import ClosingRow, OfficeOfClosing
from desk.closings.recent import RecentClosing
from desk.language.text import Localised, Param, Text, inline, words
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
    area = offices.provinces(session) if sort == "province" else []
    province = next((each.name for each in area if each.code == key), None)
    return _placed(row.subject, number=len(of_it), office=of_it[0].name if of_it else None, province=province)


def place_of_recent(row: RecentClosing) -> Param:
    """Likewise in a list."""
    return _placed(row.subject, number=row.offices, office=row.office, province=row.province)


def _placed(subject: str, *, number: int, office: Localised | None, province: Localised | None) -> Param:
    sort = subject.partition(":")[0]
    if sort == "province" and province is not None:
        return _("The province {province}", province=province)
    if sort == "nation" or office is None:
        return _("The whole country")
    if number > 1:
        return _("{n} offices", n=number)
    return _("One queue: {office}", office=office) if sort == "queue" else office


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
