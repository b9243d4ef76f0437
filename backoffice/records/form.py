"""The record of a visit on one screen: one press serves the person and keeps the record, or keeps an inquiry."""

from __future__ import annotations

from functools import partial
from typing import Any

from backoffice.appointments.day_list import may_record_in, reading_of
from backoffice.appointments.recording import appointment_in_reach, changed_row, list_of
from backoffice.records.forms import RecordForm
from backoffice.records.wording import NOTICES
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.appointments.rows import AppointmentRow
from desk.appointments.rules import LIVE, AppointmentState
from desk.calendar import SolarDate, instant_of
from desk.language.text import FullDay, Reference, Text
from desk.reading.folding import ascii_digits, persian_digits
from desk.records.actions import close_visit, note_inquiry
from desk.records.queries import to_record
from desk.records.refusals import ReasonNeeded
from desk.records.rows import InquiryInput, RecordInput, ToRecord
from desk.records.rules import (
    CIRCULAR,
    ClosedWith,
    InquiryPurpose,
    InquiryResult,
    InquirySystem,
    MismatchReason,
    Receipt,
    Taking,
)
from desk.refusals import Refusal
from desk.staff.form_keys import SentAlready
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay, LocalMoment

PIECE, PAGE = "records/record_form.html", "records/record.html"
INQUIRY_ONLY = "inquiry"
BOARD = "board"
"""What a form says that was opened on the board of the day: it leads back there."""
CLOCKS_DIFFER = 15
"""Minutes by which the clock of a card reader may be ahead."""


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The form with what should be so: a fragment in the row, or a page."""
    return _asked(session, request, form=None)


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Keep the record and with it the outcome, or only the inquiry."""
    form = RecordForm(formdata=None)
    await backend.read(_bound, request, form)
    form.process(request.form)
    only_inquiry = request.form_text("do") == INQUIRY_ONLY
    if only_inquiry:
        form.validate()
        is_whole = form.is_inquiry_whole(is_asked=True)
    else:
        is_whole = form.is_complete()
    if not is_whole:
        return await backend.read(_asked, request, form=form)
    try:
        await backend.write(partial(_kept, request=request, form=form, only_inquiry=only_inquiry))
    except SentAlready:
        return await backend.read(_shown, request, notice=None)
    except ReasonNeeded as refusal:
        (form.words if refusal.wants_words else form.why).add_error(refused(refusal))
        return await backend.read(_asked, request, form=form)
    except OutOfReach:
        raise
    except Refusal as refusal:
        return await backend.read(_shown, request, notice=None, problem=refused(refusal))
    return await backend.read(_shown, request, notice="inquiry_kept" if only_inquiry else "record_kept")


def _kept(session: WriteSession, *, request: PageRequest, form: RecordForm, only_inquiry: bool) -> None:
    appointment = appointment_in_reach(session, request)
    who: dict[str, Any] = {"appointment_id": appointment.id, "actor": request.actor, "now": request.now}
    if form.system.data:
        inquiry = InquiryInput(
            system=InquirySystem(form.system.data),
            purpose=InquiryPurpose(form.purpose.data),
            result=InquiryResult(form.result.data),
            code=form.code.data or "",
        )
        note_inquiry(session, inquiry=inquiry, **who)
    if not only_inquiry:
        close_visit(session, record=_record_of(form, appointment, request), **who)


def _record_of(form: RecordForm, appointment: AppointmentRow, request: PageRequest) -> RecordInput:
    receipt = None
    if form.asks_receipt:
        day = LocalDay(appointment.day)
        minutes = form.time.data
        at = request.now if minutes is None else instant_of(day, minutes=minutes, zone=appointment.zone)
        receipt = Receipt(
            amount=form.amount.data,
            is_orange=form.is_orange.data,
            office_code=ascii_digits(form.office_code.data or ""),
            names_service=form.names_service.data,
            reference=form.reference.data or "",
            at=at,
        )
    return RecordInput(
        closing=ClosedWith(form.closing.data),
        receipt=receipt,
        data=Taking(form.information.data),
        fingerprint=Taking(form.fingerprint.data),
        photo=Taking(form.photo.data),
        papers=frozenset(int(key) for key in form.papers.chosen),
        why=MismatchReason(form.why.data) if form.why.data else None,
        words=form.words.data or "",
    )


def _bound(session: ReadSession, request: PageRequest, form: RecordForm) -> None:
    """Set what can be chosen and typed in the form: the papers of the visit, and no hour that is still ahead."""
    appointment = appointment_in_reach(session, request)
    _offer_papers(form, to_record(session, appointment=appointment))
    at = LocalMoment(request.now, appointment.zone)
    if at.day == LocalDay(appointment.day):
        form.latest = at.clock.minutes + CLOCKS_DIFFER


def _offer_papers(form: RecordForm, asked: ToRecord) -> None:
    form.papers.options = [(str(paper.id), paper.title) for paper in asked.papers]


def _asked(session: ReadSession, request: PageRequest, *, form: RecordForm | None) -> PageResponse:
    """The form; a given one comes back with its reasons. A visit that has its record, or needs none, leads back."""
    appointment = appointment_in_reach(session, request)
    asked = to_record(session, appointment=appointment)
    is_open = appointment.state in LIVE or appointment.state is AppointmentState.SERVED
    if asked.is_kept or not is_open or LocalMoment(request.now, appointment.zone).day < LocalDay(appointment.day):
        return _shown(session, request, notice=None)
    form = form or _filled(appointment, asked, request)
    _offer_papers(form, asked)
    values = {
        "form": form,
        "appointment": appointment,
        "asked": asked,
        "is_free": asked.fee is not None and asked.fee.rial == 0,
        "back": _back(request, appointment),
        "is_of_board": _is_of_board(request),
        "is_plain": _is_of_board(request) or not request.is_fragment,
        "circular": Reference(CIRCULAR),
        "circular_day": FullDay(SolarDate(1399, 6, 17).to_day()),
    }
    if request.is_fragment and form.errors:
        may_record = may_record_in(request, office=appointment.office)
        return changed_row(session, request, appointment, may_record=may_record, more={"piece": PIECE, **values})
    template = PIECE if request.is_fragment else PAGE
    reading = reading_of(appointment.office.id, LocalDay(appointment.day))
    return Render(template=template, values=values, reading=reading, status=422 if form.errors else 200)


def _filled(appointment: AppointmentRow, asked: ToRecord, request: PageRequest) -> RecordForm:
    """The form of a visit at which everything is as announced."""
    required, fee = asked.required, asked.fee
    at = LocalMoment(request.now, appointment.zone)
    is_free = fee is not None and fee.rial == 0
    form = RecordForm(
        data={
            "closing": ClosedWith.FREE if is_free else ClosedWith.RECEIPT,
            "amount": None if is_free else fee,
            "office_code": persian_digits(appointment.office.code),
            "time": at.clock.minutes if at.day == LocalDay(appointment.day) else None,
            "is_orange": True,
            "names_service": True,
            "information": Taking.YES if required is not None and required.fields else Taking.NOT_ASKED,
            "fingerprint": Taking.YES if required is not None and required.fingerprint else Taking.NOT_ASKED,
            "photo": Taking.YES if required is not None and required.photo else Taking.NOT_ASKED,
            "papers": [str(id) for id in asked.asked],
        }
    )
    form.reference.has_focus = not is_free
    return form


def _shown(
    session: ReadSession, request: PageRequest, *, notice: str | None, problem: Text | None = None
) -> PageResponse:
    """The row of the visit and what came of it; without htmx the list."""
    appointment = appointment_in_reach(session, request)
    if request.is_fragment:
        may_record = may_record_in(request, office=appointment.office)
        said = NOTICES[notice] if notice else None
        return changed_row(session, request, appointment, may_record=may_record, more={}, problem=problem, said=said)
    if problem is not None:
        values = {"said": problem, "back": _back(request, appointment)}
        return Render(template="faults/refused.html", values=values, status=422)
    place = f"#{'person' if _is_of_board(request) else 'appointment'}-{appointment.id}"
    return Redirect(to=f"{_back(request, appointment)}{place}", notice=notice)


def _is_of_board(request: PageRequest) -> bool:
    return BOARD in (request.query_text("from"), request.form_text("from"))


def _back(request: PageRequest, appointment: AppointmentRow) -> str:
    return f"/board?office={appointment.office.id}" if _is_of_board(request) else list_of(appointment)
