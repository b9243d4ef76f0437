"""The coming days of all offices within reach: free places, strain, and the way to the days of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backoffice.access import holds
from backoffice.capacity.heat import ORDERS, PATH, HeatCell, HeatFilter, headings
from backoffice.exports import ExportForm, Sheet, workbook_file
from backoffice.forms.days import shown_date, today_at
from backoffice.layout.paging import SelectFilter, page_asked_for, pages_of
from backoffice.web.http import Backend, PageRequest, PageResponse, Reading, Render
from desk.calendar import TEHRAN
from desk.catalogue import queries as catalogue
from desk.figures import queries as figures
from desk.figures.rows import OfficeStrain
from desk.figures.rules import DAYS_AHEAD
from desk.language.text import Latin, Param, ShortDay, words
from desk.offices import queries as offices
from desk.organisation import province
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession
from desk.values import LocalDay, LocalMoment

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
    return _page(session, request, get=request.query_text)


async def export(request: PageRequest, backend: Backend) -> PageResponse:
    """All offices that the filter lets through, in its order, as a workbook, for a purpose."""
    purpose = ExportForm(request.form)
    if not purpose.is_complete():
        return await backend.read(_page, request, get=request.form_text, purpose=purpose)
    asked, lines = await backend.read(_everything, request)
    days = [LocalDay(day) for day in asked.days]
    facts = [_("Code"), _("Province"), ORDERS["first"].label, ORDERS["free"].label]
    more = [_("Taken, percent"), ORDERS["waiting"].label, ORDERS["absent"].label, _("Counted")]
    return workbook_file(
        request,
        name="mizban-offices.xlsx",
        reading=Reading("capacity.export", "capacity"),
        purpose=purpose,
        sheets=[
            Sheet(
                ORDERS["free"].label,
                [ORDERS["office"].label, *facts, *more, *map(ShortDay, days)],
                [[*_facts(each), *(cell.day.free if cell.day else None for cell in each.cells)] for each in lines],
            ),
            Sheet(
                _("Taken, percent"),
                [ORDERS["office"].label, *map(ShortDay, days)],
                [
                    [each.strain.office.name, *(cell.day.share if cell.day else None for cell in each.cells)]
                    for each in lines
                ],
            ),
        ],
    )


def _facts(line: HeatLine) -> list[Param | None]:
    it = line.strain
    return [
        it.office.name,
        Latin(it.office.code),
        it.office.province_name,
        shown_date(it.first_free) if it.first_free else None,
        it.free,
        it.share,
        it.waiting,
        it.absent,
        LocalMoment(it.counted_at, TEHRAN) if it.counted_at else None,
    ]


def _everything(session: ReadSession, request: PageRequest) -> tuple[SeenOffices, list[HeatLine]]:
    asked = asked_for(session, request, request.form_text)
    return asked, lines_of(session, asked, asked.rows)


def _page(
    session: ReadSession, request: PageRequest, *, get: Callable[[str], str], purpose: ExportForm | None = None
) -> PageResponse:
    """The page; `purpose` is a form for a file that comes back with its faults."""
    asked = asked_for(session, request, get)
    total = len(asked.rows)
    is_painted = bool(request.query_text("paint")) and holds(request.staff, Permission.CAPACITY_WRITE)
    query = asked.wanted.query() | ({"paint": "1"} if is_painted else {})
    pages = pages_of(PATH, query=query, number=page_asked_for(request), total=total, size=PAGE_SIZE)
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
        "may_paint": holds(request.staff, Permission.CAPACITY_WRITE),
        "is_painted": is_painted,
        "export": purpose or ExportForm(),
        "is_file_asked_for": purpose is not None,
    }
    return Render(template="capacity/many_offices.html", values=values, status=200 if purpose is None else 422)


def asked_for(session: ReadSession, request: PageRequest, get: Callable[[str], str]) -> SeenOffices:
    """What is asked for by `get`, which reads an address or a form."""
    everywhere = offices.all_offices(session, scope=request.scope, active_only=True)
    within = [row for row in offices.provinces_of(everywhere) if request.scope.covers(province(row.code))]
    services = catalogue.services(session, bookable_only=True, published_only=False)
    wanted = HeatFilter.of(get, provinces=within, services=services)
    today = today_at(request.now, zone=TEHRAN).date
    rows = figures.strain(
        session,
        scope=request.scope,
        offices=everywhere,
        province_code=wanted.province or None,
        service_id=wanted.service,
        today=today,
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
