"""Takes an appointment for somebody at the desk who has no phone: one person, with the original paper in hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from backoffice.appointments.desk_person import identity_of, stands_already
from backoffice.appointments.desk_times import desk_times, services_offered
from backoffice.appointments.forms import DeskForm
from backoffice.appointments.search import AGAIN_AFTER
from backoffice.forms.days import read_date
from backoffice.offices.in_reach import OfficeChoice, choice_for
from backoffice.web.http import Backend, PageRequest, PageResponse, Reading, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.appointments.refusals import AlreadyHasAppointment, QuotaUsedUp, SlotTaken
from desk.appointments.rows import AppointmentRow
from desk.capacity.rows import FreeDay
from desk.language.text import Param, words
from desk.people.rules import IdentityDigest, has_number
from desk.refusals import Refusal
from desk.staff.refusals import TooManyNumbers
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalMoment
from desk.visits.at_desk import book_at_desk
from desk.visits.refusals import TooManyAtDesk

_ = words("today")


@dataclass(frozen=True, slots=True, kw_only=True)
class AtDeskPage:
    """What can be taken at an office: its services, and the free days and times of the chosen one."""

    choice: OfficeChoice
    services: list[tuple[int, Param]]
    service_id: int | None
    days: list[FreeDay]
    day: date | None


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The service, the day, and the form for the person."""
    shown, form = _read(session, request, office=request.query_number("office"), day=request.query_text("day"))
    return _render(shown, form)


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Book, and show the ticket to be printed or written down."""
    shown, form = await backend.read(_sent, request)
    if shown.choice.current is None or shown.service_id is None:
        raise OutOfReach
    office, service_id = shown.choice.current, shown.service_id
    form.process(request.form)
    form.validate()
    form.compare()
    kind = form.paper
    if has_number(kind) and not form.seen.data:
        form.seen.add_error(_("Please take the original into your hand first."))
    if form.errors:
        return _render(shown, form, status=422, asks_number=form.is_odd)
    identity = await identity_of(form, backend, office_id=office.id, actor=request.actor)
    if identity is None:
        form.number.add_error(refused(TooManyNumbers(request.now + AGAIN_AFTER)))
        return _render(shown, form, status=429)

    def act(session: WriteSession, identity: IdentityDigest) -> int:
        booked = book_at_desk(
            session,
            idem_key=f"desk:{request.staff.staff_id}:{request.form_text('_key')[:40]}",
            office_id=office.id,
            slot_id=int(form.time.data),
            service_id=service_id,
            name=form.name.data,
            document_kind=kind,
            identity=identity,
            beside=form.beside.data,
            actor=request.actor,
            now=request.now,
        )
        return booked.appointment_id

    try:
        booked = await backend.write(act, identity)
    except OutOfReach:
        raise
    except AlreadyHasAppointment as refusal:
        form.number.add_error(_("With this number a turn for this service stands already."))
        other = await stands_already(request, backend, appointment_id=refusal.appointment_id)
        return _render(shown, form, status=409, other=other, asks_beside=True)
    except Refusal as refusal:
        field = form.name if isinstance(refusal, TooManyAtDesk) else form.time
        (form.number if isinstance(refusal, TooManyNumbers) else field).add_error(refused(refusal))
        if isinstance(refusal, SlotTaken | QuotaUsedUp):
            shown, fresh = await backend.read(_sent, request)
            form.time.options = fresh.time.options
        return _render(shown, form, status=422)
    return Redirect(to=f"/today/{booked}/ticket", notice="booked_at_desk")


def _sent(session: ReadSession, request: PageRequest) -> tuple[AtDeskPage, DeskForm]:
    return _read(session, request, office=request.form_number("office"), day=request.form_text("day"))


def _read(session: ReadSession, request: PageRequest, *, office: int | None, day: str) -> tuple[AtDeskPage, DeskForm]:
    """The page of an office, with the form for the chosen day."""
    choice = choice_for(session, request, wanted=office)
    form = DeskForm()
    if choice.current is None:
        return AtDeskPage(choice=choice, services=[], service_id=None, days=[], day=None), form
    office_id, zone = choice.current.id, choice.current.zone
    services, service_id = services_offered(session, request, office_id=office_id)
    days: list[FreeDay] = []
    wanted = read_date(day)
    if service_id is not None:
        found = desk_times(session, service_id=service_id, office_id=office_id, wanted=wanted, now=request.now)
        days, wanted = found.days, found.day
        form.time.options = [(str(each.slot_id), LocalMoment(each.starts_at, zone).clock) for each in found.times]
    return AtDeskPage(choice=choice, services=services, service_id=service_id, days=days, day=wanted), form


def _render(
    shown: AtDeskPage,
    form: DeskForm,
    *,
    status: int = 200,
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
        "other": other,
        "asks_beside": asks_beside or form.beside.data,
        "asks_number": asks_number or form.stands_so.data,
        "has_times": bool(form.time.options),
    }
    return Render(template="appointments/at_desk.html", values=values, status=status, reading=reading)
