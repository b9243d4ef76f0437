"""Compares the number of the original paper, typed at the counter, with that of an appointment; it is not kept."""

from __future__ import annotations

from collections.abc import Sequence

from backoffice.appointments.day_list import has_number, may_record_in, reading_of
from backoffice.appointments.forms import NumberForm
from backoffice.appointments.recording import appointment_in_reach, changed_row, list_of
from backoffice.appointments.search import AGAIN_AFTER
from backoffice.appointments.wording import NOTICES
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.appointments import contested
from desk.appointments.rules import LIVE
from desk.language.text import Text, words
from desk.people.rules import IdentityDigest, has_foreign_digits, read_identity_number
from desk.refusals import Refusal
from desk.staff.form_keys import SentAlready
from desk.staff.refusals import TooManyNumbers
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay
from desk.visits.proving import ComparedPaper, prove

_ = words("today")

PIECE = "appointments/paper_form.html"


def form(session: ReadSession, request: PageRequest) -> PageResponse:
    """Ask for the number of the original: a fragment in the row, or a page."""
    return _asked(session, request)


async def compare(request: PageRequest, backend: Backend) -> PageResponse:
    """Compare it; what was typed is shown nowhere again."""
    typed = request.form_text("number")
    if read_identity_number(typed) is None:
        reason = (
            _("Please write the digits as 0 1 2 3 or as ۰ ۱ ۲ ۳.")
            if has_foreign_digits(typed)
            else _("Please write the number as it stands on the paper.")
        )
        return await backend.read(_asked, request, reasons=[reason])
    await backend.read(appointment_in_reach, request)
    identity = await backend.identity_of(typed, whose=request.actor)
    if identity is None:
        return await backend.read(_asked, request, reasons=[refused(TooManyNumbers(request.now + AGAIN_AFTER))])
    try:
        proof = await backend.write(_compared, request, identity=identity)
    except SentAlready:
        return await backend.read(_shown, request, notice=None)
    except OutOfReach:
        raise
    except Refusal as refusal:
        return await backend.read(_asked, request, reasons=[refused(refusal)])
    if not proof.fits:
        reasons = (
            _("This is not the number of this turn. Please compare it once more."),
            _("With another paper the turn is not theirs: look for their turn by the number, above the list."),
            _("Numbers that can still be tried here: {n}.", n=proof.tries_left),
        )
        return await backend.read(_asked, request, reasons=reasons)
    return await backend.read(_shown, request, notice="paper_decided" if proof.fell else "paper_fits")


def _compared(session: WriteSession, request: PageRequest, *, identity: IdentityDigest) -> ComparedPaper:
    appointment = appointment_in_reach(session, request)
    return prove(session, appointment_id=appointment.id, identity=identity, actor=request.actor, now=request.now)


def _asked(session: ReadSession, request: PageRequest, *, reasons: Sequence[Text] = ()) -> PageResponse:
    """The form, with the reasons at its field, which is empty again."""
    appointment = appointment_in_reach(session, request)
    if appointment.state not in LIVE or not has_number(appointment.document_kind):
        return _shown(session, request, notice=None)
    asked = NumberForm()
    for reason in reasons:
        asked.number.add_error(reason)
    values = {
        "form": asked,
        "appointment": appointment,
        "back": list_of(appointment),
        "is_named_again": contested.is_named_again(session, appointment_id=appointment.id),
    }
    if request.is_fragment and reasons:
        may_record = may_record_in(request, office=appointment.office)
        return changed_row(session, request, appointment, may_record=may_record, more={"piece": PIECE, **values})
    template = PIECE if request.is_fragment else "appointments/paper.html"
    reading = reading_of(appointment.office.id, LocalDay(appointment.day))
    return Render(template=template, values=values, reading=reading, status=422 if reasons else 200)


def _shown(session: ReadSession, request: PageRequest, *, notice: str | None) -> PageResponse:
    """The row of the appointment and what came of it; without htmx the list."""
    appointment = appointment_in_reach(session, request)
    if not request.is_fragment:
        return Redirect(to=f"{list_of(appointment)}#appointment-{appointment.id}", notice=notice)
    may_record = may_record_in(request, office=appointment.office)
    said = NOTICES[notice] if notice else None
    return changed_row(session, request, appointment, may_record=may_record, more={}, said=said)
