"""The page on which a clerk with the original paper in hand corrects the name on an appointment of today."""

from __future__ import annotations

from backoffice.appointments.comparing import reasons_of
from backoffice.appointments.day_list import reading_of
from backoffice.appointments.forms import NameForm
from backoffice.appointments.recording import appointment_in_reach, list_of
from backoffice.appointments.search import AGAIN_AFTER
from backoffice.forms.versions import ChangedMeanwhile
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.appointments.rows import AppointmentRow
from desk.appointments.rules import LIVE
from desk.people.rules import IdentityDigest, has_number
from desk.refusals import Refusal
from desk.staff.form_keys import SentAlready
from desk.staff.refusals import TooManyNumbers
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay
from desk.visits.naming import correct_from_paper
from desk.visits.proving import ComparedPaper
from desk.visits.refusals import TooManyWrongNumbers


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The form with the present name."""
    return _render(session, request, form=_form_of(appointment_in_reach(session, request)))


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Compare the number, where the paper has one, and put the name on it; the number is shown nowhere again."""
    form = NameForm(request.form)
    appointment = await backend.read(appointment_in_reach, request)
    is_numbered = has_number(appointment.document_kind)
    if not is_numbered:
        form.without_paper()
    if not form.validate():
        return await backend.read(_render, request, form=form)
    identity = await backend.identity_of(form.number.data, whose=request.actor) if is_numbered else None
    if is_numbered and identity is None:
        form.number.add_error(refused(TooManyNumbers(request.now + AGAIN_AFTER)))
        return await backend.read(_render, request, form=form)
    try:
        compared = await backend.write(_corrected, request, form=form, identity=identity)
    except SentAlready:
        return _listed(appointment, notice=None)
    except ChangedMeanwhile:
        return await backend.read(_render, request, form=form, status=409)
    except OutOfReach:
        raise
    except Refusal as refusal:
        is_of_number = isinstance(refusal, TooManyWrongNumbers | TooManyNumbers)
        (form.number if is_of_number else form.name).add_error(refused(refusal))
        return await backend.read(_render, request, form=form)
    if not compared.fits:
        for reason in reasons_of(compared):
            form.number.add_error(reason)
        return await backend.read(_render, request, form=form)
    return _listed(appointment, notice="name_and_paper" if compared.fell else "name_corrected")


def _corrected(
    session: WriteSession, request: PageRequest, *, form: NameForm, identity: IdentityDigest | None
) -> ComparedPaper:
    id = request.path["appointment"]
    form.require_unchanged(
        session, subject=f"appointment:{id}", present=lambda: _form_of(appointment_in_reach(session, request))
    )
    return correct_from_paper(
        session, appointment_id=id, identity=identity, name=form.name.data, actor=request.actor, now=request.now
    )


def _form_of(appointment: AppointmentRow) -> NameForm:
    form = NameForm(data={"name": appointment.person_name or ""})
    return form if has_number(appointment.document_kind) else form.without_paper()


def _render(session: ReadSession, request: PageRequest, *, form: NameForm, status: int = 422) -> PageResponse:
    """The form, with the reasons at its fields; what is over or erased leads to its list."""
    appointment = appointment_in_reach(session, request)
    if appointment.state not in LIVE or appointment.person_name is None:
        return _listed(appointment, notice=None)
    return Render(
        template="appointments/name.html",
        values={"form": form, "appointment": appointment, "back": list_of(appointment)},
        status=status if form.errors or form.changes else 200,
        reading=reading_of(appointment.office.id, LocalDay(appointment.day)),
    )


def _listed(appointment: AppointmentRow, *, notice: str | None) -> Redirect:
    return Redirect(to=f"{list_of(appointment)}#appointment-{appointment.id}", notice=notice)
