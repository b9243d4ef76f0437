"""Compares the number of the original paper of who stands at the counter: yes, no, or the number of another
appointment.

The number is compared by its hash and stored nowhere; of another one only its day, time and office are said.
"""

from __future__ import annotations

from dataclasses import dataclass

from backoffice.appointments.forms import OriginalPaperForm
from backoffice.appointments.in_reach import on_any_day
from backoffice.appointments.search import AGAIN_AFTER
from backoffice.web.http import Backend, PageRequest, PageResponse, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.appointments.rows import AppointmentRow
from desk.appointments.rules import CANCELLED
from desk.events import actions as events
from desk.events.shown import not_shown
from desk.people.rules import IdentityDigest
from desk.refusals import Refusal
from desk.staff.form_keys import SentAlready
from desk.staff.refusals import TooManyNumbers
from desk.storage.base import ReadSession, WriteSession
from desk.visits import windows
from desk.visits.proving import ComparedPaper, prove

PIECE, PAGE = "board/paper_form.html", "board/paper.html"
MOST = 3
"""The most other appointments of a number that are told."""


@dataclass(frozen=True, slots=True)
class ComparedAtCounter:
    """What the number showed: whether it fits, and the appointments that it belongs to where it does not."""

    paper: ComparedPaper
    others: list[AppointmentRow]


async def compare(request: PageRequest, backend: Backend) -> PageResponse:
    """Compare what was typed or scanned with the appointment of the address."""
    form = OriginalPaperForm(request.form)
    office = await backend.read(_office_of, request)
    if not form.validate():
        return _answer(request, office, form=form)
    identity = await backend.identity_of(form.number.data, whose=request.actor)
    if identity is None:
        form.number.add_error(refused(TooManyNumbers(request.now + AGAIN_AFTER)))
        return _answer(request, office, form=form)
    try:
        compared = await backend.write(_compared, request, identity=identity)
    except SentAlready:
        return _answer(request, office, form=OriginalPaperForm())
    except OutOfReach:
        raise
    except Refusal as refusal:
        form.number.add_error(refused(refusal))
        return _answer(request, office, form=form)
    return _answer(request, office, form=OriginalPaperForm(), compared=compared)


def _office_of(session: ReadSession, request: PageRequest) -> int:
    found = on_any_day(session, request)
    not_shown(found)
    return found.office.id


def _compared(session: WriteSession, request: PageRequest, *, identity: IdentityDigest) -> ComparedAtCounter:
    id = request.path["appointment"]
    paper = prove(session, appointment_id=id, identity=identity, actor=request.actor, now=request.now)
    if paper.fits:
        return ComparedAtCounter(paper, [])
    found = windows.found_by_identity(
        session, hashes=identity.hashes, scope=request.scope, limit=MOST * 4, actor=request.actor, now=request.now
    )
    others = [each for each in found if each.state not in CANCELLED][:MOST]
    for each in others:
        events.note(
            session,
            actor=request.actor,
            kind="appointment.found",
            subject=f"appointment:{each.id}",
            office_id=each.office.id,
            is_told=False,
            now=request.now,
        )
    for each in found:
        not_shown(each)  # what is shown of them is in the history by name
    return ComparedAtCounter(paper, others)


def _answer(
    request: PageRequest, office: int, *, form: OriginalPaperForm, compared: ComparedAtCounter | None = None
) -> PageResponse:
    """The field again, empty, with the answer below it."""
    values = {"paper": form, "compared": compared, "of": request.path["appointment"], "office_id": office}
    is_wrong = bool(form.errors) and not request.is_fragment
    return Render(template=PIECE if request.is_fragment else PAGE, values=values, status=422 if is_wrong else 200)
