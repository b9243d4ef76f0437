"""Compares the number of the original paper, typed at the counter, with that of an appointment; it is not kept."""

from __future__ import annotations

from backoffice.appointments.day_list import may_record_in, reading_of
from backoffice.appointments.forms import OriginalPaperForm
from backoffice.appointments.recording import appointment_in_reach, changed_row, list_of
from backoffice.appointments.search import AGAIN_AFTER
from backoffice.appointments.wording import NOTICES
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.appointments import contested
from desk.appointments.rules import LIVE
from desk.language.text import Text, words
from desk.people.rules import IdentityDigest, has_number
from desk.refusals import Refusal
from desk.staff.form_keys import SentAlready
from desk.staff.refusals import TooManyNumbers
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay
from desk.visits.proving import ComparedPaper, prove

_ = words("today")

PIECE = "appointments/paper_form.html"


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """Ask for the number of the original: a fragment in the row, or a page."""
    return _asked(session, request, form=OriginalPaperForm())


async def compare(request: PageRequest, backend: Backend) -> PageResponse:
    """Compare it; what was typed is shown nowhere again."""
    form = OriginalPaperForm(request.form)
    if not form.validate():
        return await backend.read(_asked, request, form=form)
    await backend.read(appointment_in_reach, request)
    identity = await backend.identity_of(form.number.data, whose=request.actor)
    if identity is None:
        form.number.add_error(refused(TooManyNumbers(request.now + AGAIN_AFTER)))
        return await backend.read(_asked, request, form=form)
    try:
        compared = await backend.write(_compared, request, identity=identity)
    except SentAlready:
        return await backend.read(_shown, request, notice=None)
    except OutOfReach:
        raise
    except Refusal as refusal:
        form.number.add_error(refused(refusal))
        return await backend.read(_asked, request, form=form)
    if not compared.fits:
        for reason in reasons_of(compared):
            form.number.add_error(reason)
        return await backend.read(_asked, request, form=form)
    return await backend.read(_shown, request, notice="paper_decided" if compared.fell else "paper_fits")


def reasons_of(compared: ComparedPaper) -> tuple[Text, ...]:
    """What is said at the field of a number that does not fit."""
    return (
        _("This is not the number of this turn. Please compare it once more."),
        _("With another paper the turn is not theirs: look for their turn by the number, above the list."),
        _("Numbers that can still be tried here: {n}.", n=compared.tries_left),
    )


def _compared(session: WriteSession, request: PageRequest, *, identity: IdentityDigest) -> ComparedPaper:
    appointment = appointment_in_reach(session, request)
    return prove(session, appointment_id=appointment.id, identity=identity, actor=request.actor, now=request.now)


def _asked(session: ReadSession, request: PageRequest, *, form: OriginalPaperForm) -> PageResponse:
    """The form, with the reasons at its field, which is empty again."""
    appointment = appointment_in_reach(session, request)
    if appointment.state not in LIVE or not has_number(appointment.document_kind):
        return _shown(session, request, notice=None)
    values = {
        "form": form,
        "appointment": appointment,
        "back": list_of(appointment),
        "is_named_twice": contested.is_named_twice(session, appointment_id=appointment.id),
    }
    if request.is_fragment and form.errors:
        may_record = may_record_in(request, office=appointment.office)
        return changed_row(session, request, appointment, may_record=may_record, more={"piece": PIECE, **values})
    template = PIECE if request.is_fragment else "appointments/paper.html"
    reading = reading_of(appointment.office.id, LocalDay(appointment.day))
    return Render(template=template, values=values, reading=reading, status=422 if form.errors else 200)


def _shown(session: ReadSession, request: PageRequest, *, notice: str | None) -> PageResponse:
    """The row of the appointment and what came of it; without htmx the list."""
    appointment = appointment_in_reach(session, request)
    if not request.is_fragment:
        return Redirect(to=f"{list_of(appointment)}#appointment-{appointment.id}", notice=notice)
    may_record = may_record_in(request, office=appointment.office)
    said = NOTICES[notice] if notice else None
    return changed_row(session, request, appointment, may_record=may_record, more={}, said=said)
