"""The page on which a clerk gives a code to somebody who lost their phone, after looking at the original paper.

Outside of the days whose names the reader sees, the form says nothing of the appointment until the number of the paper
fits: its address holds only an id, which can be counted up.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from backoffice.appointments.day_list import reading_of
from backoffice.appointments.forms import OriginalPaperForm
from backoffice.appointments.in_reach import on_any_day
from backoffice.appointments.search import AGAIN_AFTER
from backoffice.web.http import Backend, PageRequest, PageResponse, Reading, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.appointments.rows import AppointmentRow
from desk.events.shown import not_shown
from desk.language.text import Text, words
from desk.refusals import Refusal
from desk.staff.refusals import TooManyNumbers
from desk.storage.base import ReadSession
from desk.transfers import counter
from desk.transfers.rules import CODE_LIVES
from desk.values import LocalDay, LocalMoment
from desk.visits import windows

_ = words("today")


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The form for the number of the paper."""
    return _render(session, request, form=OriginalPaperForm())


async def give(request: PageRequest, backend: Backend) -> PageResponse:
    """Give a code, which is shown once, or say why not; the number is asked for again then."""
    form = OriginalPaperForm(request.form)
    problem: Text | None = None
    if form.validate():
        identity = await backend.identity_of(form.number.data, whose=request.actor)
        if identity is None:
            problem = refused(TooManyNumbers(request.now + AGAIN_AFTER))
        else:
            give_code = partial(counter.give_code, appointment_id=request.path["appointment"], identity=identity)
            try:
                digits = await backend.write(give_code, actor=request.actor, now=request.now)
            except OutOfReach:
                raise
            except Refusal as refusal:
                problem = refused(refusal)
            else:
                if digits is not None:
                    return await backend.read(_given, request, digits)
                form.number.add_error(_("The turn is of somebody with another number."))
    return await backend.read(_render, request, form=form, problem=problem, status=422)


def _given(session: ReadSession, request: PageRequest, digits: str) -> Render:
    found = on_any_day(session, request)
    values = _shown(found) | {
        "code": f"{digits[:4]} {digits[4:]}",
        "minutes": int(CODE_LIVES.total_seconds()) // 60,
    }
    reading = Reading("appointment.found", f"appointment:{found.id}", office_id=found.office.id)
    return Render(template="appointments/phone_code.html", values=values, reading=reading, leads_to=_address(request))


def _render(
    session: ReadSession,
    request: PageRequest,
    *,
    form: OriginalPaperForm,
    problem: Text | None = None,
    status: int = 200,
) -> Render:
    found = on_any_day(session, request)
    reading = None
    values: dict[str, Any] = {"appointment": None, "form": form, "problem": problem, "action": _address(request)}
    office, day = found.office, found.day
    if windows.sees_names(session, actor=request.actor, office=office, day=day, now=request.now):
        values |= _shown(found)
        reading = reading_of(office.id, LocalDay(day))
    else:
        not_shown(found)
    return Render(template="appointments/phone.html", values=values, status=status, reading=reading)


def _shown(found: AppointmentRow) -> dict[str, Any]:
    """What the page says of the appointment, without its person: who holds the paper needs no name."""
    return {"appointment": found, "when": LocalMoment(found.starts_at, found.zone)}


def _address(request: PageRequest) -> str:
    return f"/today/{request.path['appointment']}/phone"
