"""Registers somebody who stands at the door without an appointment: a number for today, else a coming day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from backoffice.appointments.desk_person import identity_of, stands_already
from backoffice.appointments.desk_times import desk_times, services_offered
from backoffice.appointments.search import AGAIN_AFTER
from backoffice.forms.days import read_date
from backoffice.offices.in_reach import OfficeChoice, choice_for
from backoffice.walk_ins.forms import WalkInForm
from backoffice.web.http import Backend, PageRequest, PageResponse, Reading, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.appointments.refusals import AlreadyHasAppointment
from desk.appointments.rows import AppointmentRow
from desk.capacity.rows import FreeDay
from desk.language.text import Param, Text, words
from desk.people.rules import IdentityDigest
from desk.refusals import Refusal
from desk.staff.refusals import TooManyNumbers
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalMoment
from desk.walk_ins.refusals import TooManyWalkIns
from desk.walk_ins.registering import give_day, give_number, numbers_left

_ = words("walk-ins")
_today = words("today")


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkInPage:
    """What somebody at the door of an office can have: a number for today, or a time of the days that are open."""

    choice: OfficeChoice
    services: list[tuple[int, Param]]
    service_id: int | None
    numbers: int
    """The numbers that are left for today."""
    days: list[FreeDay]
    day: date | None


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """What is left, and the form for the person."""
    shown, form = _read(session, request, office=request.query_number("office"), day=request.query_text("day"))
    return _render(shown, form)


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Register, and lead to the slip."""
    shown, form = await backend.read(_sent, request)
    if shown.choice.current is None or shown.service_id is None:
        raise OutOfReach
    office, service_id = shown.choice.current, shown.service_id
    form.process(request.form)
    form.validate()
    form.compare()
    if not shown.numbers and not form.time.data and not form.time.errors:
        form.time.add_error(_("No number is left for today. Please choose a time."))
    if form.errors:
        return _render(shown, form, status=422, asks_number=form.is_odd)
    identity = await identity_of(form, backend, office_id=office.id, actor=request.actor)
    if identity is None:
        form.number.add_error(refused(TooManyNumbers(request.now + AGAIN_AFTER)))
        return _render(shown, form, status=429)
    slot_id = int(form.time.data) if form.time.data else None

    def act(session: WriteSession, identity: IdentityDigest) -> int:
        given = {
            "idem_key": f"door:{request.staff.staff_id}:{request.form_text('_key')[:40]}",
            "office_id": office.id,
            "service_id": service_id,
            "name": form.name.data,
            "document_kind": form.paper,
            "identity": identity,
            "beside": form.beside.data,
            "actor": request.actor,
            "now": request.now,
        }
        booked = give_number(session, **given) if slot_id is None else give_day(session, slot_id=slot_id, **given)
        return booked.appointment_id

    try:
        booked = await backend.write(act, identity)
    except OutOfReach:
        raise
    except AlreadyHasAppointment as refusal:
        form.number.add_error(_today("With this number a turn for this service stands already."))
        other = await stands_already(request, backend, appointment_id=refusal.appointment_id)
        return _render(shown, form, status=409, other=other, asks_beside=True)
    except Refusal as refusal:
        why = refused(refusal)
        fresh, again = await backend.read(_sent, request)
        form.time.options = again.time.options
        if isinstance(refusal, TooManyNumbers | TooManyWalkIns):
            form.number.add_error(why)
            return _render(fresh, form, status=422)
        return _render(fresh, form, status=422, problem=why)
    return Redirect(to=f"/today/{booked}/slip", notice="walk_in_number" if slot_id is None else "walk_in_day")


def _sent(session: ReadSession, request: PageRequest) -> tuple[WalkInPage, WalkInForm]:
    return _read(session, request, office=request.form_number("office"), day=request.form_text("day"))


def _read(session: ReadSession, request: PageRequest, *, office: int | None, day: str) -> tuple[WalkInPage, WalkInForm]:
    """The page of an office; times only where no number for today is left."""
    choice = choice_for(session, request, wanted=office)
    form = WalkInForm()
    current = choice.current
    if current is None:
        return WalkInPage(choice=choice, services=[], service_id=None, numbers=0, days=[], day=None), form
    services, service_id = services_offered(session, request, office_id=current.id)
    numbers = (
        numbers_left(session, office=current, service_id=service_id, now=request.now) if service_id is not None else 0
    )
    days: list[FreeDay] = []
    wanted = read_date(day)
    if service_id is not None and not numbers:
        found = desk_times(session, service_id=service_id, office_id=current.id, wanted=wanted, now=request.now)
        days, wanted = found.days, found.day
        times = [(str(each.slot_id), LocalMoment(each.starts_at, current.zone).clock) for each in found.times]
        form.time.options = times
        form.time.data = times[0][0] if times else None  # the first free time; another can be chosen
    shown = WalkInPage(choice=choice, services=services, service_id=service_id, numbers=numbers, days=days, day=wanted)
    return shown, form


def _render(
    shown: WalkInPage,
    form: WalkInForm,
    *,
    status: int = 200,
    problem: Text | None = None,
    other: AppointmentRow | None = None,
    asks_beside: bool = False,
    asks_number: bool = False,
) -> PageResponse:
    reading = None
    if other is not None:
        reading = Reading("appointment.found", f"appointment:{other.id}", office_id=other.office.id)
    values = {
        "shown": shown,
        "choice": shown.choice,
        "office": shown.choice.current,
        "form": form,
        "problem": problem,
        "other": other,
        "asks_beside": asks_beside or form.beside.data,
        "asks_number": asks_number or form.stands_so.data,
        "has_times": bool(form.time.options),
    }
    return Render(template="walk_ins/register.html", values=values, status=status, reading=reading)
