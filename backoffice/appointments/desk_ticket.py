"""The ticket of somebody without a phone, to be printed; and another time or giving back, with the paper in hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from backoffice.appointments.desk_times import DeskTimes, desk_times
from backoffice.appointments.forms import DeskChangeForm
from backoffice.appointments.in_reach import on_any_day
from backoffice.appointments.search import AGAIN_AFTER
from backoffice.forms.days import read_date
from backoffice.web.http import Backend, PageRequest, PageResponse, Reading, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.appointments.rows import AppointmentRow
from desk.catalogue import queries as catalogue
from desk.language.labels import DOCUMENT_KINDS
from desk.language.text import words
from desk.people.rules import IdentityDigest, has_number
from desk.refusals import Refusal
from desk.staff.refusals import TooManyNumbers
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalMoment
from desk.visits.at_desk import give_back_at_desk, move_at_desk
from desk.visits.refusals import OfAChat

_ = words("today")

MOVE, GIVE_BACK = "move", "give_back"
HOLDS_NO_LONGER = _("This turn holds no longer.")


def ticket(session: ReadSession, request: PageRequest) -> PageResponse:
    """What the person takes along: code, time, place, fee and papers."""
    found = on_any_day(session, request)
    province = found.office.province_code
    fee = catalogue.fee_in_force(session, service_id=found.service.id, province_code=province, today=found.day)
    values = {
        "appointment": found,
        "fee": fee,
        "papers": catalogue.papers(session, service_id=found.service.id),
        "paper": DOCUMENT_KINDS[found.document_kind] if found.document_kind else None,
        "is_live": found.is_live,
        "may_change": found.is_of_desk_to_come,
    }
    return Render(template="appointments/desk_ticket.html", values=values, reading=_reading(found))


def change(session: ReadSession, request: PageRequest) -> PageResponse:
    """The form for another time, and for giving back."""
    found = on_any_day(session, request)
    form = _form_for(session, request, found, day=request.query_text("day"))
    return _render(session, request, found, form=form, day=request.query_text("day"))


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Give it another time, or give it back."""
    day = request.form_text("day")
    found = await backend.read(on_any_day, request)
    form = await backend.read(_form_for, request, found, day=day)
    if not found.is_of_desk_to_come:
        return await backend.read(_render, request, found, form=form, day=day)
    form.process(request.form)
    form.validate()
    moves = request.form_text("do") == MOVE
    if moves and not form.time.data and not form.time.errors:
        form.time.add_error(_("Please choose a time."))
    is_numbered = has_number(found.document_kind)
    if is_numbered and not form.number.data and not form.number.errors:
        form.number.add_error(_("Please type the number that stands on the original."))
    if form.errors:
        return await backend.read(_render, request, found, form=form, day=day, status=422)
    identity = await backend.identity_of(form.number.data, whose=request.actor) if is_numbered else None
    if is_numbered and identity is None:
        form.number.add_error(refused(TooManyNumbers(request.now + AGAIN_AFTER)))
        return await backend.read(_render, request, found, form=form, day=day, status=429)

    def act(session: WriteSession, identity: IdentityDigest | None) -> bool:
        given: dict[str, Any] = {"appointment_id": found.id, "identity": identity}
        if not moves:
            return give_back_at_desk(session, **given, actor=request.actor, now=request.now)
        key = f"desk:{found.id}:{found.moves}:{form.time.data}"
        slot_id = int(form.time.data)
        return move_at_desk(session, **given, idem_key=key, slot_id=slot_id, actor=request.actor, now=request.now)

    try:
        fits = await backend.write(act, identity)
    except OutOfReach:
        raise
    except Refusal as refusal:
        (form.number if isinstance(refusal, TooManyNumbers) else form.time).add_error(refused(refusal))
        return await backend.read(_render, request, found, form=form, day=day, status=422)
    if not fits:
        form.number.add_error(_("The turn is of somebody with another number."))
        return await backend.read(_render, request, found, form=form, day=day, status=422)
    return Redirect(to=f"/today/{found.id}/ticket", notice="moved_at_desk" if moves else "given_back_at_desk")


def _reading(found: AppointmentRow) -> Reading:
    return Reading("appointment.found", f"appointment:{found.id}", office_id=found.office.id)


def _day_of(typed: str, found: AppointmentRow) -> date:
    return read_date(typed) or found.day


def _times(session: ReadSession, request: PageRequest, found: AppointmentRow, *, day: str) -> DeskTimes:
    return desk_times(
        session,
        service_id=found.service.id,
        office_id=found.office.id,
        wanted=_day_of(day, found),
        now=request.now,
    )


def _form_for(session: ReadSession, request: PageRequest, found: AppointmentRow, *, day: str) -> DeskChangeForm:
    form = DeskChangeForm()
    times = _times(session, request, found, day=day).times
    form.time.options = [
        (str(each.slot_id), LocalMoment(each.starts_at, found.zone).clock)
        for each in times
        if each.slot_id != found.slot_id
    ]
    return form


def _render(
    session: ReadSession,
    request: PageRequest,
    found: AppointmentRow,
    *,
    form: DeskChangeForm,
    day: str,
    status: int = 200,
) -> PageResponse:
    if not found.is_of_desk_to_come:
        of_chat = found.conversation_id is not None
        values = {"appointment": found, "why": refused(OfAChat(found.id)) if of_chat else HOLDS_NO_LONGER}
        return Render(template="appointments/desk_fixed.html", values=values, reading=_reading(found))
    days = _times(session, request, found, day=day).days
    values = {
        "appointment": found,
        "form": form,
        "days": days,
        "day": _day_of(day, found),
        "has_times": bool(form.time.options),
        "is_numbered": has_number(found.document_kind),
        "MOVE": MOVE,
        "GIVE_BACK": GIVE_BACK,
    }
    return Render(template="appointments/desk_change.html", values=values, status=status, reading=_reading(found))
