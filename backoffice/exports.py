"""The one way in which anything leaves the pages as a file: a purpose, a mark in the file, and a line in the history.

Nothing else makes a `FileDownload`; `tests/system/test_exports.py` looks.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from wtforms import Form
from xlsxwriter import Workbook

from backoffice.forms.choices import Pick
from backoffice.forms.fields import TextLine
from backoffice.web.http import FileDownload, PageRequest, Reading
from desk.calendar import TEHRAN
from desk.language.text import FullDay, Latin, Param, Text, words
from desk.reading.folding import strip_bidi
from desk.values import LocalMoment

_ = words("exports")

DANGEROUS = "=+-@\t\r\n＝＋－＠"  # the wide signs are meant
"""A spreadsheet takes a cell that begins with these for a formula; some take the wide signs for the narrow ones."""
FORMULA = re.compile(rf"(^|[;,|\t\r\n])(\s*)(?=[{re.escape(DANGEROUS)}])")
"""Where a formula may begin: in a cell, or behind a sign at which some spreadsheets divide a cell."""
LONGEST_WORDS = 120
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NARROW, WIDE = 11, 30
"""The widths of columns of a sheet, in letters: of numbers and days, and of the first."""


class Purpose(StrEnum):
    """What a file is taken away for."""

    REVIEW = "review"
    CASE = "case"
    REPORT = "report"
    INSPECTION = "inspection"
    OTHER = "other"


PURPOSES: dict[Purpose, Text] = {
    Purpose.REVIEW: _("Looking through what staff did"),
    Purpose.CASE: _("Settling a complaint"),
    Purpose.REPORT: _("A report to those above"),
    Purpose.INSPECTION: _("An inspection"),
    Purpose.OTHER: _("Something else"),
}


class ExportForm(Form):
    """What the file is for: chosen, and in words where the list does not say it."""

    purpose = Pick(
        _("What is the file for?"),
        options=[(each.value, label) for each, label in PURPOSES.items()],
        empty=_("Please choose"),
        hint=_("It stands in the file and in the history, with your name and the time."),
    )
    words = TextLine(_("In a few words"), required=False, longest=LONGEST_WORDS)

    def is_complete(self) -> bool:
        """Whether the purpose is said; «something else» wants words."""
        if not self.validate():
            return False
        if self.purpose.data == Purpose.OTHER and not self.words.data:
            self.words.add_error(_("Please say in a few words what the file is for."))
            return False
        return True


def table_file(
    request: PageRequest,
    *,
    name: str,
    reading: Reading,
    purpose: ExportForm,
    header: Sequence[Param],
    rows: Iterable[Sequence[Param]],
) -> FileDownload:
    """A table for a spreadsheet, marked in its first and its last line with who took it, when, and what for.

    `purpose` is a form that `is_complete`. `reading` is the line in the history, which gets the purpose.
    """
    chosen = Purpose(purpose.purpose.data)
    said = purpose.words.data or ""
    mark = [cell(request, each) for each in _mark(request, chosen, said)]
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(mark)
    table.writerow([cell(request, each) for each in header])
    for row in rows:
        table.writerow([cell(request, each) for each in row])
    table.writerow(mark)
    return FileDownload(
        name=name,
        media_type="text/csv",
        content=written.getvalue().encode("utf-8-sig"),
        reading=Reading(reading.action, reading.subject, office_id=reading.office_id, purpose=chosen, words=said),
    )


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook; an int is written as a number, None as an empty cell."""

    title: Text
    header: Sequence[Param]
    rows: Sequence[Sequence[Param | None]]


def workbook_file(
    request: PageRequest, *, name: str, reading: Reading, purpose: ExportForm, sheets: Sequence[Sheet]
) -> FileDownload:
    """Sheets for a spreadsheet, from right to left, each marked above and below as `table_file` marks a table."""
    chosen = Purpose(purpose.purpose.data)
    said = purpose.words.data or ""
    mark = _mark(request, chosen, said)
    written = io.BytesIO()
    with Workbook(written, {"in_memory": True}) as book:
        book.set_properties({"created": request.now.replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        for each in sheets:
            page = book.add_worksheet(cell(request, each.title))
            page.right_to_left()
            page.freeze_panes(2, 1)
            page.set_column(0, 0, WIDE)
            page.set_column(1, max(1, len(each.header) - 1), NARROW)
            lines = [(mark, None), (each.header, bold), *((row, None) for row in each.rows), (mark, None)]
            for number, (values, form) in enumerate(lines):
                for column, value in enumerate(values):
                    if isinstance(value, int):
                        page.write_number(number, column, value, form)
                    elif value is not None:
                        # Never `write`, which takes a text for a formula or a link.
                        page.write_string(number, column, cell(request, value), form)
    return FileDownload(
        name=name,
        media_type=XLSX,
        content=written.getvalue(),
        reading=Reading(reading.action, reading.subject, office_id=reading.office_id, purpose=chosen, words=said),
    )


def sheet_to_fill(
    request: PageRequest, *, name: str, title: Text, header: Sequence[str], rows: Iterable[Sequence[str]]
) -> FileDownload:
    """A sheet that is changed and sent back, so it has no mark and every cell is a text exactly as it is.

    It holds what the form of each thing shows to this person anyway, and nothing about people: it needs no purpose.
    """
    written = io.BytesIO()
    with Workbook(written, {"in_memory": True}) as book:
        book.set_properties({"created": request.now.replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        texts = book.add_format({"num_format": "@"})  # what is typed stays a text: a code is no number, nor a day
        page = book.add_worksheet(cell(request, title))
        page.right_to_left()
        page.freeze_panes(1, 1)
        page.set_column(0, len(header) - 1, WIDE // 2, texts)
        for number, values in enumerate((header, *rows)):
            for column, value in enumerate(values):
                if value:
                    # Never `write`, which takes a text for a formula or a link.
                    page.write_string(number, column, value, texts if number else bold)
    return FileDownload(name=name, media_type=XLSX, content=written.getvalue())


def _mark(request: PageRequest, purpose: Purpose, said: str) -> tuple[Param, ...]:
    at = LocalMoment(request.now, TEHRAN)
    return (
        _("Taken by {name} ({username})", name=request.staff.name, username=Latin(request.staff.username)),
        _("{day}, at {time}", day=FullDay(at.day), time=at.clock),
        _("For: {purpose}", purpose=PURPOSES[purpose]),
        said,
    )


def cell(request: PageRequest, value: Param) -> str:
    """A value as plain text that can be searched and that no spreadsheet would compute."""
    return FORMULA.sub(r"\1\2'", strip_bidi(request.language.plain(value, request.locale)))
