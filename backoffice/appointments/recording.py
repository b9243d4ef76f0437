"""The actions of the day's list: record arrivals and outcomes, undo them, and offer slots to come back.

That somebody was served is recorded with the record that closes the visit: `backoffice.records.form`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from litestar.datastructures import ImmutableMultiDict

from backoffice.access import require_within
from backoffice.appointments.come_back import back_values
from backoffice.appointments.day_list import counts_of, may_record_in, reading_of, without_appointment
from backoffice.appointments.forms import BackForm
from backoffice.appointments.lines import lines_of
from backoffice.forms.days import today_at
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.appointments import queries as appointments
from desk.appointments.rows import AppointmentRow
from desk.appointments.rules import LIVE
from desk.capacity.refusals import QuotaUsedUp, SlotPassed, SlotTaken
from desk.events.shown import not_shown
from desk.language.text import Text, words
from desk.refusals import Refusal
from desk.staff.form_keys import SentAlready
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay, LocalMoment
from desk.visits import actions as visits
from desk.visits import windows
from desk.visits.refusals import NotYetTheHour
from desk.visits.rules import Outcome

_ = words("today")

BACK, SURE = "appointments/back_form.html", "appointments/sure.html"
PAGES = {BACK: "appointments/back.html", SURE: "appointments/sure_page.html"}
"""The forms that may be open in a row, with the template of each without htmx."""
MOST_DIGITS = 16
"""The most digits of a slot's id in a button."""


def back(session: ReadSession, request: PageRequest) -> PageResponse:
    """Offer slots to come back: a fragment in the row, or a page."""
    appointment = appointment_in_reach(session, request)
    form = (
        BackForm(ImmutableMultiDict({"come_back_on": day}))
        if (day := request.query_text("come_back_on"))
        else BackForm()
    )
    if day:
        form.validate()
    values = back_values(session, appointment, form=form, now=request.now, address=list_of(appointment))
    template = "appointments/back_form.html" if request.is_fragment else "appointments/back.html"
    return Render(
        template=template, values=values, reading=reading_of(appointment.office.id, LocalDay(appointment.day))
    )


def row(session: ReadSession, request: PageRequest) -> PageResponse:
    """One row with the figures of its day; without htmx the whole list."""
    appointment = appointment_in_reach(session, request)
    if not request.is_fragment:
        return Redirect(to=f"{list_of(appointment)}#appointment-{appointment.id}")
    return changed_row(
        session, request, appointment, may_record=may_record_in(request, office=appointment.office), more={}
    )


async def record(request: PageRequest, backend: Backend) -> PageResponse:
    """Record what a row's button says: an arrival, an outcome, or the undoing of one."""
    said, _colon, rest = str(request.form.get("do") or "").partition(":")
    if said == Outcome.SERVED:  # a page from before, or another reader of it: a visit closes with its record
        if not request.is_fragment:
            return Redirect(to=f"/today/{request.path['appointment']}/record")
        return await _answer(request, backend, problem=_("Please press «Served» once more and say what was paid."))
    recording = _recording_of(said, rest)
    if recording is None and said in {Outcome.COME_BACK, "back_on"}:
        # No slot chosen yet: offer the free slots of the typed day.
        form = BackForm(request.form)
        form.validate()
        return await _answer(request, backend, piece=BACK, form=form)
    if recording is None:
        return await _answer(request, backend, problem=_("Please choose how the visit ended."))

    def act(session: WriteSession) -> AppointmentRow:
        appointment = appointment_in_reach(session, request)
        recording(session, appointment_id=appointment.id, actor=request.actor, now=request.now)
        return appointment

    try:
        appointment = await backend.write(act)
    except SentAlready:
        # Pressed twice: the present row shows what happened.
        return await _answer(request, backend)
    except NotYetTheHour:
        return await _answer(request, backend, piece=SURE)
    except (SlotTaken, QuotaUsedUp, SlotPassed) as refusal:
        # The slot was taken meanwhile: the free ones are offered again.
        return await _answer(request, backend, piece=BACK, form=BackForm(), problem=refused(refusal))
    except OutOfReach:
        raise
    except Refusal as refusal:
        return await _answer(request, backend, problem=refused(refusal))
    if not request.is_fragment:
        return _recorded(appointment)
    return await _answer(request, backend)


def _recording_of(said: str, rest: str) -> Callable[..., object] | None:
    """The action of a button; None for the one that asks for a slot, and for unknown ones."""
    match said:
        case "arrive":
            return visits.record_arrival
        case "undo_arrival":
            return visits.undo_arrival
        case "undo_outcome":
            return visits.undo_outcome
        case Outcome.ABSENT:
            return partial(visits.record_outcome, outcome=Outcome.ABSENT, is_sure=rest == "sure")
        case Outcome.COME_BACK if rest.isascii() and rest.isdigit() and len(rest) < MOST_DIGITS:
            return partial(visits.record_come_back, slot_id=int(rest))
        case _:
            return None


def appointment_in_reach(session: ReadSession | WriteSession, request: PageRequest) -> AppointmentRow:
    """The appointment of the address; raises OutOfReach outside of the scope, and of the days whose names one sees."""
    appointment = appointments.appointment_by_id(session, appointment_id=request.path["appointment"])
    if appointment is None:
        raise OutOfReach
    require_within(request.scope, appointment.office.node)
    office, day = appointment.office, appointment.day
    if not windows.sees_names(session, actor=request.actor, office=office, day=day, now=request.now):
        not_shown(appointment)
        raise OutOfReach
    return appointment


async def _answer(
    request: PageRequest,
    backend: Backend,
    *,
    problem: Text | None = None,
    piece: str | None = None,
    form: BackForm | None = None,
) -> PageResponse:
    """The row and the figures for htmx; for a plain form the list, or a page with the open question.

    `piece` is the open form in the row: slots to come back with `form`, or the question whether the clerk is sure.
    """
    return await backend.read(partial(_answered, request=request, problem=problem, piece=piece, form=form))


def _answered(
    session: ReadSession, *, request: PageRequest, problem: Text | None, piece: str | None, form: BackForm | None
) -> PageResponse:
    appointment = appointment_in_reach(session, request)
    address = list_of(appointment)
    more: dict[str, Any] = {}
    if piece is not None and appointment.state in LIVE:
        more = {
            "piece": piece,
            "appointment": appointment,
            "back": address,
            "appointment_clock": LocalMoment(appointment.starts_at, appointment.zone).clock,
        }
        if form is not None:
            more |= back_values(session, appointment, form=form, now=request.now, address=address)
    if request.is_fragment:
        return changed_row(session, request, appointment, may_record=True, more=more, problem=problem)
    if more:
        asks_again = form is None or bool(form.errors) or problem is not None
        status = 422 if asks_again else 200
        reading = reading_of(appointment.office.id, LocalDay(appointment.day))
        return Render(template=PAGES[piece or ""], values={**more, "problem": problem}, status=status, reading=reading)
    if problem is not None:
        return Render(template="faults/refused.html", values={"said": problem, "back": address}, status=422)
    return _recorded(appointment)


def _recorded(appointment: AppointmentRow) -> Redirect:
    """Redirect to the appointment's row in the list."""
    return Redirect(to=f"{list_of(appointment)}#appointment-{appointment.id}", notice="recorded")


def changed_row(
    session: ReadSession,
    request: PageRequest,
    appointment: AppointmentRow,
    *,
    may_record: bool,
    more: dict[str, Any],
    problem: Text | None = None,
    said: Text | None = None,
) -> PageResponse:
    """The row of an appointment and the figures of its day, as fragments."""
    seen = windows.day_seen(
        session, actor=request.actor, office=appointment.office, day=appointment.day, now=request.now
    )
    rows = seen.rows or []
    today = today_at(request.now, zone=appointment.zone)
    lines = lines_of(rows, day=LocalDay(appointment.day), today=today, may_record=may_record)
    line = next((each for each in lines if each.row.appointment_id == appointment.id), None)
    if line is None:
        raise OutOfReach
    values = {
        "line": line,
        "counts": [
            *counts_of(seen.counts),
            *(
                without_appointment(session, office_id=appointment.office.id, day=appointment.day)
                if appointment.day == today.date
                else ()
            ),
        ],
        "of_office": appointment.office.id,
        "of_day": appointment.day,
        "problem": problem,
        "said": said,
        "piece": None,
        **more,
    }
    return Render(
        template="appointments/changed.html",
        values=values,
        reading=reading_of(appointment.office.id, LocalDay(appointment.day)),
    )


def list_of(appointment: AppointmentRow) -> str:
    return f"/today?office={appointment.office.id}&day={appointment.day.isoformat()}"
