"""The offices and days that were ticked over the days of many offices, as the fields `cell` carry them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from backoffice.forms.days import today_at
from backoffice.web.http import PageRequest
from desk.calendar import TEHRAN
from desk.language.text import Localised
from desk.offices import queries as offices
from desk.organisation import Scope
from desk.storage.base import ReadSession

FIELD = "cell"
"""Holds a day and the ids of offices: `2026-12-01.7,9`."""
WHOLE = "whole"
"""Holds a day on which all offices of the filter are meant."""
FARTHEST = timedelta(days=366)

Cell = tuple[int, date]
"""The id of an office, and a day."""


@dataclass(frozen=True, slots=True)
class PaintedOffice:
    """An office with the days that were chosen of it."""

    name: Localised
    code: str
    days: tuple[date, ...]


def cells_in(request: PageRequest) -> list[Cell]:
    """The chosen pairs of an office and a day, each once; what is none of these, or over, is passed over."""
    today = today_at(request.now, zone=TEHRAN).date
    found: set[Cell] = set()
    for typed in _sent(request, FIELD):
        day, _dot, ids = typed.partition(".")
        read = _day(day)
        if read is not None and today <= read <= today + FARTHEST:
            found |= {(int(id), read) for id in ids.split(",") if id.isdecimal() and len(id) < 16}
    return sorted(found)


def whole_days(request: PageRequest) -> list[date]:
    """The days that were ticked for all offices of the filter."""
    return sorted({day for typed in _sent(request, WHOLE) if (day := _day(typed)) is not None})


def packed(cells: Iterable[Cell]) -> list[str]:
    """The values of `FIELD` that carry these, one for each day."""
    by_day: dict[date, list[int]] = defaultdict(list)
    for office_id, day in sorted(cells):
        by_day[day].append(office_id)
    return [f"{day.isoformat()}.{','.join(map(str, ids))}" for day, ids in sorted(by_day.items())]


def cells_within(session: ReadSession, cells: Sequence[Cell], *, scope: Scope) -> list[Cell]:
    """Those of offices that may be closed by this reader."""
    rows = offices.offices_by_id(session, office_ids=sorted({office_id for office_id, _day in cells}))
    return [cell for cell in cells if cell[0] in rows and scope.covers(rows[cell[0]].node)]


def days_painted(session: ReadSession, cells: Sequence[Cell]) -> list[PaintedOffice]:
    """The chosen offices with their days, in the order of their codes."""
    days: dict[int, list[date]] = defaultdict(list)
    for office_id, day in cells:
        days[office_id].append(day)
    rows = offices.offices_by_id(session, office_ids=list(days))
    there = sorted((row for row in rows.values()), key=lambda row: row.code)
    return [PaintedOffice(row.name, row.code, tuple(days[row.id])) for row in there]


def _sent(request: PageRequest, field: str) -> list[str]:
    return [str(value) for name, value in request.form.multi_items() if name == field]


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None
