"""How many said what of their visits, by office and month: counts alone, and none that could lead to somebody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from backoffice.afterwards.table import COLUMNS, OFFICE_LABEL, PATH, CountColumn, Wanted, headings
from backoffice.exports import ExportForm, Sheet, workbook_file
from backoffice.layout.paging import SelectFilter, page_asked_for, pages_of
from backoffice.web.http import Backend, PageRequest, PageResponse, Reading, Render
from desk.afterwards.queries import answers_of_month
from desk.afterwards.rows import OfficeAnswers
from desk.afterwards.rules import FEWEST, months_shown
from desk.calendar import SolarDate
from desk.language.text import Latin, Param, SolarMonth, words
from desk.storage.base import ReadSession

_ = words("after visits")

PAGE_SIZE = 50
FEW = _("fewer than {n}", n=FEWEST)


@dataclass(frozen=True, slots=True)
class AnswerCell:
    """A number of an office; `is_few` = there are some, but too few to be shown."""

    column: CountColumn
    value: int | None
    is_few: bool

    @property
    def said(self) -> Param | None:
        """What stands there; None = nothing."""
        return FEW if self.is_few else self.value


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """An office with its numbers."""

    row: OfficeAnswers
    cells: tuple[AnswerCell, ...]


@dataclass(frozen=True, slots=True)
class SeenAnswers:
    """What is asked for, and all that it shows, in order."""

    wanted: Wanted
    months: list[tuple[str, Param]]
    columns: tuple[CountColumn, ...]
    rows: list[OfficeAnswers]
    lines: list[AnswerLine]


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The table, fifty offices a page."""
    return _page(session, request, get=request.query_text)


async def export(request: PageRequest, backend: Backend) -> PageResponse:
    """All of it as a workbook, for a purpose."""
    purpose = ExportForm(request.form)
    if not purpose.is_complete():
        return await backend.read(_page, request, get=request.form_text, purpose=purpose)
    seen = await backend.read(_seen, request, request.form_text)
    header = [OFFICE_LABEL, _("Code"), _("Province"), *(each.label for each in seen.columns)]
    rows = [
        [
            each.row.office.name,
            Latin(each.row.office.code),
            each.row.office.province_name,
            *(c.said for c in each.cells),
        ]
        for each in seen.lines
    ]
    return workbook_file(
        request,
        name=f"mizban-after-visits-{seen.wanted.month.isoformat()}.xlsx",
        reading=Reading("after.export", "after_visits"),
        purpose=purpose,
        sheets=[Sheet(_("After visits"), header, rows)],
    )


def _page(
    session: ReadSession, request: PageRequest, *, get: Callable[[str], str], purpose: ExportForm | None = None
) -> PageResponse:
    """The page; `purpose` is a form for a file that comes back with its faults."""
    seen = _seen(session, request, get)
    total = len(seen.lines)
    pages = pages_of(PATH, query=seen.wanted.query(), number=page_asked_for(request), total=total, size=PAGE_SIZE)
    values = {
        "lines": seen.lines[(pages.number - 1) * PAGE_SIZE : pages.number * PAGE_SIZE],
        "headings": headings(seen.wanted, seen.columns),
        "months": SelectFilter("month", _("Month"), seen.months, seen.wanted.month.isoformat()),
        "wanted": seen.wanted,
        "total": total,
        "pages": pages,
        "fewest": FEWEST,
        "may_set": bool(request.scope.areas),
        "export": purpose or ExportForm(),
        "is_file_asked_for": purpose is not None,
    }
    return Render(template="afterwards/page.html", values=values, status=200 if purpose is None else 422)


def _seen(session: ReadSession, request: PageRequest, get: Callable[[str], str]) -> SeenAnswers:
    months = months_shown(request.now)
    wanted = Wanted.of(get, months=months)
    rows = wanted.in_order(answers_of_month(session, scope=request.scope, month=wanted.month))
    columns = tuple(each for each in COLUMNS if not each.of_directorate or request.scope.areas)
    return SeenAnswers(
        wanted=wanted,
        months=[(each.isoformat(), _month(SolarDate.from_date(each))) for each in months],
        columns=columns,
        rows=rows,
        lines=[AnswerLine(row, tuple(_cell(row, each, request) for each in columns)) for row in rows],
    )


def _cell(row: OfficeAnswers, column: CountColumn, request: PageRequest) -> AnswerCell:
    """What the office itself may not see is empty for who stands for the office alone, beside other offices."""
    if column.of_directorate and not request.scope.covers(row.office.node.area):
        return AnswerCell(column, None, is_few=False)
    value = column.value(row)
    is_few = value is None and (column.name == "answered" or column.name in row.so)
    return AnswerCell(column, value, is_few=is_few)


def _month(of: SolarDate) -> SolarMonth:
    return SolarMonth(of.year, of.month)
