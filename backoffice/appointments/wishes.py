"""The page of what somebody wishes for at the counter: staff say what is arranged and what cannot be."""

from __future__ import annotations

from typing import Any

from backoffice.appointments.day_list import reading_of
from backoffice.appointments.forms import WishesForm
from backoffice.appointments.recording import appointment_in_reach, list_of
from backoffice.forms.versions import ChangedMeanwhile
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from desk.appointments.rows import AppointmentRow
from desk.appointments.rules import AssistanceState
from desk.offices import assistance
from desk.staff.form_keys import SentAlready
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay
from desk.visits.assistance import answer_wishes, is_open
from desk.visits.refusals import NotRecordable


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The form with what was answered so far."""
    appointment = appointment_in_reach(session, request)
    return _show(session, request, appointment, form=_form_of(appointment))


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Keep the answers; the person is told once of what is new."""
    appointment = await backend.read(appointment_in_reach, request)
    form = _form_of(appointment, request.form)
    if not form.validate():
        return await backend.read(_render, request, form=form, status=422)

    def act(session: WriteSession) -> None:
        form.require_unchanged(
            session,
            subject=f"wishes:{appointment.id}",
            present=lambda: _form_of(appointment_in_reach(session, request)),
        )
        answer_wishes(
            session, appointment_id=appointment.id, answers=form.answers, actor=request.actor, now=request.now
        )

    try:
        await backend.write(act)
    except (SentAlready, NotRecordable):
        return _listed(appointment, notice=None)  # the list shows what is so now
    except ChangedMeanwhile:
        return await backend.read(_render, request, form=form, status=409)
    return _listed(appointment, notice="saved")


def _form_of(appointment: AppointmentRow, sent: Any = None) -> WishesForm:
    wished = {each.kind: each.state for each in appointment.wished}
    said = {kind.value: state.value for kind, state in wished.items() if state is not AssistanceState.ASKED}
    form = WishesForm(sent, data=said)
    return form.only(wished)


def _render(session: ReadSession, request: PageRequest, *, form: WishesForm, status: int) -> PageResponse:
    return _show(session, request, appointment_in_reach(session, request), form=form, status=status)


def _show(
    session: ReadSession, request: PageRequest, appointment: AppointmentRow, *, form: WishesForm, status: int = 200
) -> PageResponse:
    """The form; where nothing is wished for, or nothing is to be answered any more, the list."""
    if not appointment.wished or not is_open(appointment, now=request.now):
        return _listed(appointment, notice=None)
    stated = assistance.stated(session, office_id=appointment.office.id)
    values = {
        "form": form,
        "appointment": appointment,
        "back": list_of(appointment),
        "unstated": [each.kind for each in appointment.wished if stated.has(each.kind, on=appointment.day) is None],
    }
    reading = reading_of(appointment.office.id, LocalDay(appointment.day))
    return Render(template="appointments/wishes.html", values=values, status=status, reading=reading)


def _listed(appointment: AppointmentRow, *, notice: str | None) -> Redirect:
    return Redirect(to=f"{list_of(appointment)}#appointment-{appointment.id}", notice=notice)
