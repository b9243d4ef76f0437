"""The coming days of all offices within reach: free places, strain, and the way to the days of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backoffice.capacity.heat import ORDERS, PATH, HeatCell, HeatFilter, headings
from backoffice.forms.days import today_at
from backoffice.layout.paging import SelectFilter, page_asked_for, pages_of
from backoffice.web.http import PageRequest, PageResponse, Render
from desk.calendar import TEHRAN
from desk.catalogue import queries as catalogue
from desk.figures import queries as figures
from desk.figures.rows import OfficeStrain
from desk.figures.rules import DAYS_AHEAD
from desk.language.text import words
from desk.offices import queries as offices
from desk.organisation import province
from desk.storage.base import ReadSession

_ = words("capacity")

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class HeatLine:
    """An office with a cell for each day."""

    strain: OfficeStrain
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class SeenOffices:
    """The filter with what there is to choose from, and the offices that it lets through, in order."""

    wanted: HeatFilter
    filters: list[SelectFilter]
    rows: list[OfficeStrain]
    today: date

    @property
    def days(self) -> list[date]:
        """The days of the table."""
        return [self.today + timedelta(days=n) for n in range(DAYS_AHEAD)]

    @property
    def counted_at(self) -> datetime | None:
        """The oldest count among them; None = one was not counted yet."""
        found = [each.counted_at for each in self.rows]
        return None if None in found else min((each for each in found if each), default=None)


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The table, fifty offices a page."""
    asked = asked_for(session, request, request.query_text)
    total = len(asked.rows)
    pages = pages_of(PATH, query=asked.wanted.query(), number=page_asked_for(request), total=total, size=PAGE_SIZE)
    shown = asked.rows[(pages.number - 1) * PAGE_SIZE : pages.number * PAGE_SIZE]
    values = {
        "tab": "offices",
        "days": asked.days,
        "lines": lines_of(session, asked, shown),
        "headings": headings(asked.wanted),
        "orders": [(name, order.label) for name, order in ORDERS.items()],
        "wanted": asked.wanted,
        "filters": asked.filters,
        "total": total,
        "counted_at": asked.counted_at,
        "uncounted": sum(each.counted_at is None for each in asked.rows),
        "pages": pages,
    }
    return Render(template="capacity/many_offices.html", values=values)


def asked_for(session: ReadSession, request: PageRequest, get: Callable[[str], str]) -> SeenOffices:
    """What is asked for by `get`, which reads an address or a form."""
    within = [row for row in offices.provinces(session) if request.scope.covers(province(row.code))]
    services = catalogue.services(session, bookable_only=True, published_only=False)
    wanted = HeatFilter.of(get, provinces=within, services=services)
    today = today_at(request.now, zone=TEHRAN).date
    rows = figures.strain(
        session, scope=request.scope, province_code=wanted.province or None, service_id=wanted.service, today=today
    )
    filters = [
        SelectFilter("province", _("Province"), [(row.code, row.name) for row in within], wanted.province),
        SelectFilter(
            "service",
            _("Service"),
            [(str(row.id), row.short_title) for row in services],
            "" if wanted.service is None else str(wanted.service),
        ),
    ]
    return SeenOffices(wanted=wanted, filters=filters, rows=wanted.in_order(rows), today=today)


def lines_of(session: ReadSession, asked: SeenOffices, rows: Sequence[OfficeStrain]) -> list[HeatLine]:
    """These offices with their cells."""
    ids = [row.office.id for row in rows]
    cells = figures.cells(session, office_ids=ids, service_id=asked.wanted.service, today=asked.today)
    return [
        HeatLine(
            row,
            tuple(HeatCell.of(cells.get((row.office.id, day)), is_first=day == row.first_free) for day in asked.days),
        )
        for row in rows
    ]
