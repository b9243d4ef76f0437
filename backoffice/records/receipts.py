"""Visits against receipts of a day: by office, what is missing, what is not as announced, and why; also as a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from backoffice.access import holds
from backoffice.exports import ExportForm, Sheet, workbook_file
from backoffice.forms.days import read_date, today_at
from backoffice.records.wording import CLOSINGS, FINDINGS, TAKINGS, WHYS
from backoffice.web.http import Backend, PageRequest, PageResponse, Reading, Render
from desk.acting import Permission
from desk.calendar import TEHRAN
from desk.language.text import FullDay, Latin, Param, Reference, Text, series, words
from desk.records.comparing import receipts_by_office, to_settle
from desk.records.rows import ReceiptsOfOffice, RecordRow
from desk.records.rules import TAKEN
from desk.storage.base import ReadSession
from desk.values import LocalDay, LocalMoment

_ = words("records")

PATH = "/today/receipts"
MOST = 100
"""Lines on the page; the file has them all."""
MOST_IN_FILE = 20_000
ITEMS = (("data", _("Information")), ("fingerprint", _("Fingerprint")), ("photo", _("Photo")))


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A visit to settle, with what of it is not as announced or not complete."""

    row: RecordRow
    wrong: Param | None
    incomplete: Text | None

    @classmethod
    def of(cls, row: RecordRow) -> RecordLine:
        """The line of a row."""
        lacking: list[Param] = [
            _("{what}: {why}", what=label, why=TAKINGS[taking])
            for name, label in ITEMS
            if (taking := getattr(row, name)) is not None and taking not in TAKEN
        ]
        if row.papers_unseen:
            lacking.append(_("{n} originals not seen", n=row.papers_unseen))
        wrong = series(*(FINDINGS[each] for each in row.findings)) if row.findings else None
        incomplete = _("Not complete: {what}", what=series(*lacking)) if lacking else None
        return cls(row, wrong, incomplete)


@dataclass(frozen=True, slots=True)
class DayCompared:
    """What there is to settle of a day within reach."""

    day: LocalDay
    offices: list[ReceiptsOfOffice]
    lines: list[RecordLine]
    office_id: int | None

    @property
    def shown(self) -> list[ReceiptsOfOffice]:
        """The offices asked for."""
        return [each for each in self.offices if self.office_id in (None, each.office_id)]


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The offices of a day with their counts, and the visits to settle."""
    return _page(session, request, get=request.query_text)


async def export(request: PageRequest, backend: Backend) -> PageResponse:
    """Everything of that day as a workbook, for a purpose."""
    purpose = ExportForm(request.form)
    if not purpose.is_complete():
        return await backend.read(_page, request, get=request.form_text, purpose=purpose)
    found = await backend.read(_compared, request, get=request.form_text, most=MOST_IN_FILE)
    return workbook_file(
        request,
        name="mizban-receipts.xlsx",
        reading=Reading("record.export", "receipts", office_id=found.office_id),
        purpose=purpose,
        sheets=[
            Sheet(
                _("Offices"),
                [_("Office"), _("Code"), _("Day"), *HEADS],
                [[each.name, Latin(each.code), FullDay(found.day), *_numbers(each)] for each in found.shown],
            ),
            Sheet(
                _("Visits to settle"),
                [
                    *(_("Office"), _("Code"), _("Time"), _("Number"), _("Service"), _("Closed"), _("Amount in rial")),
                    *(_("Fee in rial"), _("Not as announced"), _("Reason"), _("In words"), _("Reference number")),
                    *(_("Not complete"), _("Recorded by")),
                ],
                [_cells(each) for each in found.lines],
            ),
        ],
    )


HEADS = (
    *(_("Served"), _("With a receipt"), _("Free of charge"), _("Without a receipt, with a reason")),
    *(_("No record"), _("Not as announced"), _("Not complete")),
)


def _numbers(each: ReceiptsOfOffice) -> Sequence[int]:
    return (each.served, each.receipts, each.free, each.unreceipted, each.missing, each.wrong, each.incomplete)


def _cells(line: RecordLine) -> list[Param | None]:
    row = line.row
    return [
        row.office,
        Latin(row.office_code),
        LocalMoment(row.starts_at, row.zone),
        Reference(row.number),
        row.service,
        CLOSINGS[row.closing] if row.closing else _("No record"),
        row.amount.rial if row.amount else None,
        row.fee.rial if row.fee else None,
        line.wrong,
        WHYS[row.why] if row.why else None,
        row.words,
        Reference(row.reference) if row.reference else None,
        line.incomplete,
        row.recorded_by,
    ]


def _compared(
    session: ReadSession, request: PageRequest, *, get: Callable[[str], str], most: int = MOST
) -> DayCompared:
    day: date = read_date(get("day")) or today_at(request.now, zone=TEHRAN).date
    typed = get("office")
    office_id = int(typed) if typed.isdecimal() and len(typed) < 16 else None
    offices = receipts_by_office(session, scope=request.scope, day=day)
    rows = to_settle(session, scope=request.scope, day=day, office_id=office_id, limit=most) if offices else []
    return DayCompared(LocalDay(day), offices, [RecordLine.of(row) for row in rows], office_id)


def _page(
    session: ReadSession, request: PageRequest, *, get: Callable[[str], str], purpose: ExportForm | None = None
) -> PageResponse:
    found = _compared(session, request, get=get)
    today = today_at(request.now, zone=TEHRAN)
    values = {
        "found": found,
        "is_today": found.day == today,
        "before": found.day.plus(-1),
        "after": found.day.plus(1) if found.day < today else None,
        "closings": CLOSINGS,
        "whys": WHYS,
        "heads": HEADS,
        "numbers": _numbers,
        "may_record": holds(request.staff, Permission.APPOINTMENTS_RECORD),
        "is_long": len(found.lines) == MOST,
        "export": purpose or ExportForm(),
        "is_file_asked_for": purpose is not None,
    }
    reading = Reading("record.list", "receipts", recurs=True, day=found.day.date) if found.lines else None
    return Render(
        template="records/receipts.html",
        values=values,
        status=200 if purpose is None else 422,
        reading=reading,
    )
