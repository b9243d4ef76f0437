"""What the board asks before a press: the day to come back, and the other counter; in the row, or as a page."""

from __future__ import annotations

from typing import Any, Final

from litestar.datastructures import ImmutableMultiDict

from backoffice.appointments.come_back import back_values
from backoffice.appointments.day_list import reading_of
from backoffice.appointments.forms import BackForm
from backoffice.appointments.recording import appointment_in_reach
from backoffice.board.page import SHOWN_COUNTERS, address_of, counter_of
from backoffice.web.http import PageRequest, PageResponse, Render
from desk.appointments.rows import AppointmentRow
from desk.language.text import Text
from desk.storage.base import ReadSession
from desk.values import LocalDay

BACK: Final = "appointments/back_form.html"
COUNTER: Final = "board/counter_form.html"
PAGE: Final = "board/asked.html"


def back(session: ReadSession, request: PageRequest) -> PageResponse:
    """Offer slots to come back."""
    day = request.query_text("come_back_on")
    form = BackForm(ImmutableMultiDict({"come_back_on": day})) if day else BackForm()
    if day:
        form.validate()
    return asked(request, slots_of(session, request, form=form))


def counter(session: ReadSession, request: PageRequest) -> PageResponse:
    """Offer the other counters."""
    appointment = appointment_in_reach(session, request)
    return asked(request, _values(request, appointment, COUNTER) | {"counters": range(1, SHOWN_COUNTERS + 1)})


def slots_of(session: ReadSession, request: PageRequest, *, form: BackForm) -> dict[str, Any]:
    """The values of the form to come back, with the slots that it offers."""
    appointment = appointment_in_reach(session, request)
    address = address_of(appointment.office.id)
    return back_values(session, appointment, form=form, now=request.now, address=address) | _values(
        request, appointment, BACK
    )


def asked(request: PageRequest, values: dict[str, Any], *, problem: Text | None = None, status: int = 200) -> Render:
    """The question as a fragment, or as a page of its own."""
    appointment: AppointmentRow = values["appointment"]
    return Render(
        template=values["piece"] if request.is_fragment else PAGE,
        values={**values, "problem": problem},
        status=status,
        reading=reading_of(appointment.office.id, LocalDay(appointment.day)),
    )


def _values(request: PageRequest, appointment: AppointmentRow, piece: str) -> dict[str, Any]:
    number = request.query_number("counter") if request.query_text("counter") else request.form_number("counter")
    return {
        "piece": piece,
        "appointment": appointment,
        "back": address_of(appointment.office.id),
        "acts_at": f"/board/{appointment.id}",
        "shown_at": "#board",
        "counter": counter_of(number),
    }
