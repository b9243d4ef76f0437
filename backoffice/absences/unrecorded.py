"""Past appointments without an outcome by day, one press each, and the form of a visit that the office did not give."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from backoffice.absences.forms import UnservedForm
from backoffice.access import require_within
from backoffice.forms.days import read_date, today_at
from backoffice.offices.in_reach import office_in_reach
from backoffice.web.http import Backend, PageRequest, PageResponse, Reading, Redirect, Render
from backoffice.wording import refused
from desk.absences.queries import number_objected
from desk.absences.rows import Unrecorded
from desk.absences.unrecorded import days_unrecorded, unrecorded_of_day
from desk.absences.unserved import record_unserved
from desk.acting import OutOfReach
from desk.appointments import queries as appointments
from desk.appointments.rows import AppointmentRow
from desk.appointments.rules import LIVE
from desk.events.shown import not_shown
from desk.language.text import Text, words
from desk.offices.rows import OfficeRow
from desk.organisation import Scope
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalMoment
from desk.visits import actions as visits
from desk.visits import windows
from desk.visits.refusals import NotRecordable
from desk.visits.rules import Outcome

_ = words("outcomes")

MOST = 200
MOST_OTHERS = 20
OUTCOMES = {"absent": Outcome.ABSENT}
"""What one press records; a served visit needs its record, coming back a time, a visit that was not given a reason."""


@dataclass(frozen=True, slots=True)
class UnrecordedLine:
    """An appointment of the day, and what may be pressed at it."""

    row: Unrecorded
    may_come_back: bool
    """The page that offers times shows the name, so it opens only for days whose names one sees."""

    @property
    def time(self) -> Text:
        """When it was."""
        return _("at {clock}", clock=LocalMoment(self.row.starts_at, self.row.zone).clock)


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The days within the scope with their numbers, the oldest first."""
    days = days_unrecorded(session, scope=request.scope, now=request.now)
    values = {
        "days": days[:MOST],
        "more": len(days) - MOST,
        "objected": number_objected(session, scope=request.scope),
        "tab": "unrecorded",
    }
    return Render(template="absences/unrecorded.html", values=values)


def of_office(session: ReadSession, request: PageRequest) -> PageResponse:
    """The appointments of one office and day: the day of the address, else the oldest with something missing."""
    return _day(session, request, office=office_in_reach(session, request), day=read_date(request.query_text("day")))


def _day(
    session: ReadSession,
    request: PageRequest,
    *,
    office: OfficeRow,
    day: date | None,
    problem: Text | None = None,
) -> PageResponse:
    missing = days_unrecorded(session, scope=Scope.of(office.node), now=request.now)
    day = day or (missing[0].day if missing else today_at(request.now, zone=office.zone).plus(-1).date)
    may_record = request.staff.scope(Permission.APPOINTMENTS_RECORD).covers(office.node)
    named = may_record and windows.sees_names(session, actor=request.actor, office=office, day=day, now=request.now)
    rows = unrecorded_of_day(session, office_id=office.id, day=day, named=named, now=request.now) if may_record else []
    values = {
        "office": office,
        "day": day,
        "lines": [UnrecordedLine(row, may_come_back=named) for row in rows],
        "may_record": may_record,
        "number": sum(each.number for each in missing if each.day == day),
        "others": [each for each in missing if each.day != day][:MOST_OTHERS],
        "named": named,
        "problem": problem,
    }
    reading = Reading("outcomes.read", f"office:{office.id}", recurs=True, office_id=office.id, day=day)
    return Render(
        template="absences/day.html",
        values=values,
        status=200 if problem is None else 409,
        reading=reading if rows else None,
    )


async def record(request: PageRequest, backend: Backend) -> PageResponse:
    """Record what one press says."""
    appointment = await backend.read(_in_reach, request)
    outcome = OUTCOMES.get(request.form_text("do"))
    if outcome is None:
        said = _("Please choose what became of it.")
        return await backend.read(_day, request, office=appointment.office, day=appointment.day, problem=said)
    try:
        await backend.write(
            visits.record_outcome,
            appointment_id=appointment.id,
            outcome=outcome,
            actor=request.actor,
            now=request.now,
        )
    except NotRecordable as refusal:
        return await backend.read(
            _day, request, office=appointment.office, day=appointment.day, problem=refused(refusal)
        )
    return Redirect(to=_address(appointment), notice="recorded")


def unserved(session: ReadSession, request: PageRequest) -> PageResponse:
    """The form of the reason, with what follows for the person."""
    return _unserved(session, request, form=UnservedForm())


async def record_not_served(request: PageRequest, backend: Backend) -> PageResponse:
    """Record that the office did not serve the person, who gets another appointment."""
    form = UnservedForm(request.form)
    status = 422
    if form.validate():
        appointment = await backend.read(_in_reach, request)
        try:
            await backend.write(
                record_unserved,
                appointment_id=appointment.id,
                reason=form.reason.data or "",
                actor=request.actor,
                now=request.now,
            )
        except NotRecordable as refusal:
            form.reason.add_error(refused(refusal))
            status = 409
        else:
            return Redirect(to=_address(appointment), notice="unserved_recorded")
    return await backend.read(_unserved, request, form=form, status=status)


def _unserved(session: ReadSession, request: PageRequest, *, form: UnservedForm, status: int = 200) -> PageResponse:
    appointment = _in_reach(session, request)
    values = {
        "appointment": appointment,
        "form": form,
        "back": _address(appointment),
        "is_open": appointment.state in LIVE,
        "when": LocalMoment(appointment.starts_at, appointment.zone),
    }
    reading = Reading("outcomes.read", f"office:{appointment.office.id}", recurs=True, office_id=appointment.office.id)
    return Render(template="absences/unserved.html", values=values, status=status, reading=reading)


def _in_reach(session: ReadSession | WriteSession, request: PageRequest) -> AppointmentRow:
    """The appointment of the address, whose day is over; raises OutOfReach where the reader records nothing."""
    appointment = appointments.appointment_by_id(session, appointment_id=request.path["unrecorded"])
    if appointment is None:
        raise OutOfReach
    require_within(request.scope, appointment.office.node)
    if appointment.day >= today_at(request.now, zone=appointment.zone).date:
        not_shown(appointment)
        raise OutOfReach
    request.actor.require(Permission.APPOINTMENTS_RECORD, at=appointment.office.node)
    return appointment


def _address(appointment: AppointmentRow) -> str:
    return f"/outcomes/offices/{appointment.office.id}?day={appointment.day.isoformat()}"
