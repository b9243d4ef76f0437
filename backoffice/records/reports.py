"""Staff report a list of names, or a trade in appointments, at their door; the directorate reads it."""

from __future__ import annotations

from backoffice.layout.paging import page_asked_for, page_of
from backoffice.offices.in_reach import OfficeChoice, choice_for
from backoffice.records.forms import ReportForm
from backoffice.records.wording import REPORTED
from backoffice.web.http import Backend, PageRequest, PageResponse, Reading, Redirect, Render
from desk.acting import OutOfReach
from desk.language.text import words
from desk.records.reporting import look_at_report, report_broker, reports_within
from desk.records.rules import ReportedSign
from desk.storage.base import ReadSession
from desk.values import LocalMoment

_ = words("records")

PATH = "/signs/reports"
MOST = 25


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """What somebody of the staff saw."""
    return _render(choice_for(session, request, wanted=request.query_number("office")), ReportForm())


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Keep the report for the directorate."""
    choice = await backend.read(choice_for, request, wanted=request.form_number("office"))
    if choice.current is None:
        raise OutOfReach
    form = ReportForm(request.form)
    if not form.validate():
        return _render(choice, form, status=422)
    await backend.write(
        report_broker,
        office_id=choice.current.id,
        sign=ReportedSign(form.sign.data),
        words=form.words.data or "",
        actor=request.actor,
        now=request.now,
    )
    return Redirect(to=f"/today?office={choice.current.id}", notice="broker_reported")


def _render(choice: OfficeChoice, form: ReportForm, *, status: int = 200) -> PageResponse:
    values = {"choice": choice, "office": choice.current, "form": form}
    return Render(template="records/report.html", values=values, status=status)


def listed(session: ReadSession, request: PageRequest) -> PageResponse:
    """The reports within reach, unread ones first."""
    found, pages = page_of(
        lambda number: reports_within(session, scope=request.scope, limit=MOST, skip=(number - 1) * MOST),
        PATH,
        query={},
        number=page_asked_for(request),
        size=MOST,
    )
    values = {"reports": found.rows, "pages": pages, "reported": REPORTED, "moment": LocalMoment}
    reading = Reading("broker_report.read", "broker_reports", recurs=True) if found.rows else None
    return Render(template="records/reports.html", values=values, reading=reading)


async def note_looked(request: PageRequest, backend: Backend) -> PageResponse:
    """Note that the directorate has read it."""
    await backend.write(look_at_report, report_id=request.path["report"], actor=request.actor, now=request.now)
    return Redirect(to=PATH, notice="report_looked_at")
