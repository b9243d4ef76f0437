"""The page of the day's list of an office: who is expected, who has arrived, how each visit ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode

from backoffice.appointments.forms import ReasonForm
from backoffice.appointments.found_by_code import FoundAppointment, appointment_of_code, found_appointment
from backoffice.appointments.lines import AppointmentLine, lines_of, matches
from backoffice.appointments.wording import COMES
from backoffice.forms.days import read_date, today_at
from backoffice.forms.numbers import NO_SUCH_DAY
from backoffice.marshals.office import InCharge, in_charge
from backoffice.offices.in_reach import OfficeChoice, choice_for
from backoffice.web.http import Backend, PageRequest, PageResponse, Reading, Redirect, Render
from backoffice.wording import refused
from desk.absences.queries import OutcomesThatWait, outcomes_that_wait
from desk.acting import OutOfReach
from desk.appointments.rules import AppointmentState
from desk.codes import CodeKind
from desk.events.shown import not_shown
from desk.language.text import Latin, Param, Text, inline, words
from desk.offices.rows import OfficeRow
from desk.places import queries as places
from desk.places.shares import walk_ins
from desk.reading.codes import read_code
from desk.rosters.telling import RosterWaits, roster_waits
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession
from desk.values import LocalDay, LocalMoment
from desk.visits import windows
from desk.visits.refusals import ReasonMissing

_ = words("today")

CAME = frozenset({AppointmentState.ARRIVED, AppointmentState.SERVED, AppointmentState.COME_BACK})
LONGEST_DAY = 40
"""Letters of what was typed for a day that are shown again."""


@dataclass(frozen=True, slots=True)
class Count:
    """A figure above the list."""

    label: Text
    number: int


@dataclass(frozen=True, slots=True)
class Closure:
    """A day without appointments to give: its holiday, or the note of staff, if there is one."""

    why: Param | None


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The list of one office and one day."""
    choice = choice_for(session, request, wanted=request.query_number("office"))
    if choice.current is None:
        return Render(template="appointments/day_list.html", values={"choice": choice})
    if choice.is_needed and request.query_number("office") is None and not request.is_fragment:
        # The office is now part of the address: another window may show another office.
        to = f"/today?{urlencode({'office': choice.current.id, **_asked_too(request)})}"
        return Redirect(to=to, remember=choice.remember)
    shown = listed(
        session,
        request,
        choice=choice,
        office=choice.current,
        typed_day=request.query_text("day"),
        wanted=request.query_text("q"),
    )
    return shown.render(in_place=request.is_fragment)


def door(session: ReadSession, request: PageRequest) -> PageResponse:
    """The list for the door: times and the ends of codes, nothing that says who somebody is.

    A day whose names the reader does not see leads to its counts, where a reason may open it.
    """
    choice = choice_for(session, request, wanted=request.query_number("office"))
    office = choice.current
    if office is None:
        raise OutOfReach
    day = LocalDay(read_date(request.query_text("day")) or today_at(request.now, zone=office.zone).date)
    lines = windows.at_the_door(session, actor=request.actor, office=office, day=day.date, now=request.now)
    if lines is None:
        return Redirect(to=f"/today?{urlencode({'office': office.id, 'day': day.date.isoformat()})}")
    values = {"office": office, "day": day, "lines": lines}
    reading = reading_of(office.id, day) if lines else None
    return Render(template="appointments/door.html", values=values, reading=reading)


async def open_day(request: PageRequest, backend: Backend) -> PageResponse:
    """Open the names of a day outside the own window, for a reason that is written down."""
    form = ReasonForm(request.form)
    day, office_id = read_date(request.form_text("day")), request.form_number("office")
    if day is None or office_id is None:
        raise OutOfReach
    if form.validate():
        try:
            await backend.write(
                windows.open_day,
                office_id=office_id,
                day=day,
                reason=form.reason.data,
                actor=request.actor,
                now=request.now,
            )
        except ReasonMissing as refusal:
            form.reason.add_error(refused(refusal))
    if not form.errors:
        return Redirect(to=f"/today?{urlencode({'office': office_id, 'day': day.isoformat()})}")
    return await backend.read(_asked_again, request, office_id=office_id, day=day, form=form)


def _asked_again(
    session: ReadSession, request: PageRequest, *, office_id: int, day: date, form: ReasonForm
) -> PageResponse:
    choice = choice_for(session, request, wanted=office_id)
    if choice.current is None:
        raise OutOfReach
    shown = listed(
        session, request, choice=choice, office=choice.current, typed_day=day.isoformat(), wanted="", reason=form
    )
    return replace(shown.render(in_place=False), status=422)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayList:
    """The list of an office on one day, filtered by the search."""

    choice: OfficeChoice
    office: OfficeRow
    day: LocalDay
    unread_day: str
    """What was typed for a day and could not be read as one, so that today is shown."""
    today: LocalDay
    lines: list[AppointmentLine]
    """The rows that match."""
    counts: list[Count]
    """The figures of the whole day."""
    is_empty: bool
    """True = nobody has an appointment on that day."""
    reason: ReasonForm | None
    """The form that opens the names of the day; None where they are shown, or no reason opens them."""
    is_named: bool
    """False = only the counts are shown."""
    own_days: windows.OwnDays
    """The days whose names the reader sees without a reason."""
    found: FoundAppointment | None
    """The appointment of a typed code, where no row matches."""
    by_code: FoundAppointment | None
    """The appointment of a typed code, where it is a row: what else can be done for the person who stands there."""
    missed_by: int | None
    """Who typed the whole code of an appointment that is not there; it is written down, since codes can be tried."""
    closed: Closure | None
    wanted: str
    may_book: bool
    may_register: bool
    """Whether the reader takes appointments for people at the desk of this office."""
    roster: RosterWaits | None
    """What of the roster waits for its manager; None for everybody else."""
    outcomes: OutcomesThatWait | None
    """What of past appointments waits for its manager; None for everybody else."""
    in_charge: InCharge | None
    """Who keeps order now; None on other days, and for who cannot tell of a crowd."""
    may_ask_leave: bool
    may_report: bool
    """Whether the reader may report a broker at the door of this office."""
    has_board: bool
    """Whether the reader works at the board of this day."""
    now: datetime
    opened_by: Text
    """Stands on the printed list: who opened the page, and when."""

    def render(self, *, in_place: bool) -> Render:
        """The page, or its fragment for htmx."""
        over = sum(line.is_over for line in self.lines)
        is_now = self.day == self.today and not self.wanted
        values = {
            "choice": self.choice,
            "office": self.office,
            "day": self.day,
            "unread_day": self.unread_day,
            "no_such_day": NO_SUCH_DAY,
            "today": self.today,
            "is_today": self.day == self.today,
            "before": self.day.plus(-1),
            "after": self.day.plus(1),
            "lines": self.lines,
            "folded": over if over < len(self.lines) and not self.wanted else 0,
            "now_before": _now_before(self.lines, now=self.now) if is_now else None,
            "counts": self.counts,
            "q": self.wanted,
            "found": [self.found] if self.found is not None else [],
            "by_code": self.by_code,
            "is_empty": self.is_empty,
            "is_named": self.is_named,
            "own_days": self.own_days,
            "may_book": self.may_book,
            "may_register": self.may_register,
            "roster": self.roster,
            "outcomes": self.outcomes,
            "in_charge": self.in_charge,
            "may_ask_leave": self.may_ask_leave,
            "may_report": self.may_report,
            "has_board": self.has_board,
            "reason": self.reason,
            "closed": self.closed,
            "paper": None,
            "may_be_number": False,
            "problem": None,
            "in_place": in_place,
            "opened_by": self.opened_by,
        }
        reading = None if self.is_empty or not self.is_named else reading_of(self.office.id, self.day)
        if self.missed_by is not None:
            reading = Reading("appointment.not_found", f"staff:{self.missed_by}")
        if self.found is not None:
            found = self.found.appointment
            reading = Reading("appointment.found", f"appointment:{found.id}", office_id=found.office.id)
        return Render(
            template="appointments/day_list.html",
            values=values,
            status=422 if self.unread_day else 200,
            remember=self.choice.remember,
            reading=reading,
        )


def listed(
    session: ReadSession,
    request: PageRequest,
    *,
    choice: OfficeChoice,
    office: OfficeRow,
    typed_day: str,
    wanted: str,
    reason: ReasonForm | None = None,
) -> DayList:
    """The list of an office on the typed day, else today, filtered by `wanted`; outside the window only its counts.

    `reason` is a form that comes back with its fault.
    """
    today = today_at(request.now, zone=office.zone)
    read = read_date(typed_day)
    day = LocalDay(read or today.date)
    seen = windows.day_seen(session, actor=request.actor, office=office, day=day.date, now=request.now)
    rows = seen.rows or []
    lines = lines_of(rows, day=day, today=today, may_record=may_record_in(request, office=office))
    shown = [line for line in lines if matches(line, wanted)]
    for row in set(rows) - {row for line in shown for row in (line.row, *line.comes_with)}:
        not_shown(row)
    typed = read_code(wanted) if wanted else None
    is_a_row = any(line.row.code == typed for line in shown)
    coded = appointment_of_code(session, request, typed=wanted) if is_a_row or (wanted and not shown) else None
    found = found_appointment(request, coded) if coded is not None else None
    code = typed if found is None and not shown else None
    is_manager = request.staff.scope(Permission.CAPACITY_WRITE).covers(office.node)
    is_miss = code is not None and code.kind is CodeKind.APPOINTMENT
    return DayList(
        choice=choice,
        office=office,
        day=day,
        unread_day="" if read else typed_day.strip()[:LONGEST_DAY],
        today=today,
        lines=shown,
        counts=[
            *counts_of(seen.counts),
            *_said_they_come(lines, is_ahead=day > today),
            *(without_appointment(session, office_id=office.id, day=day.date) if day == today else ()),
        ],
        is_empty=not seen.counts,
        is_named=seen.rows is not None,
        own_days=windows.own_days(request.actor, office=office),
        reason=(reason or ReasonForm()) if seen.may_ask else None,
        found=None if is_a_row else found,
        by_code=found if is_a_row else None,
        missed_by=request.staff.staff_id if is_miss else None,
        closed=_closure(session, office_id=office.id, day=day) if not seen.counts and day >= today else None,
        wanted=wanted,
        may_book=request.staff.scope(Permission.APPOINTMENTS_BOOK).covers(office.node) and office.is_active,
        may_register=request.staff.scope(Permission.APPOINTMENTS_WALK_IN).covers(office.node)
        and office.is_active
        and day == today,
        roster=roster_waits(session, office_id=office.id, today=today.date) if is_manager else None,
        outcomes=outcomes_that_wait(session, office_id=office.id, now=request.now) if is_manager else None,
        in_charge=in_charge(session, request, office=office)
        if day == today and may_record_in(request, office=office)
        else None,
        may_ask_leave=not is_manager and may_record_in(request, office=office),
        may_report=may_record_in(request, office=office),
        has_board=day == today and may_record_in(request, office=office),
        now=request.now,
        opened_by=_(
            "Opened by {name} ({username}), {when}.",
            name=request.staff.name,
            username=Latin(request.staff.username),
            when=LocalMoment(request.now, office.zone),
        ),
    )


def reading_of(office_id: int, day: LocalDay) -> Reading:
    """How the history names a reading of the list or of one of its rows."""
    return Reading("day.read", f"office:{office_id}", recurs=True, office_id=office_id, day=day.date)


def _asked_too(request: PageRequest) -> dict[str, str]:
    """The other values of the address."""
    return {name: request.query_text(name) for name in ("day", "q") if request.query_text(name)}


def may_record_in(request: PageRequest, *, office: OfficeRow) -> bool:
    scope = request.staff.scope(Permission.APPOINTMENTS_RECORD)
    return scope.covers(office.node)


def _closure(session: ReadSession, *, office_id: int, day: LocalDay) -> Closure | None:
    """Why no appointments are given on a day; None where the day has slots, free or not."""
    cells = places.grid(session, office_id=office_id, from_day=day.date, days=1)
    if not all(cell.is_closed for cell in cells):
        return None
    said = [each for each in dict.fromkeys(cell.holiday or cell.reason for cell in cells) if each]
    return Closure(inline(*said) if said else None)


def _now_before(lines: Sequence[AppointmentLine], *, now: datetime) -> int:
    """The index of the first row after `now`; the number of rows where all are before."""
    return next((place for place, line in enumerate(lines) if line.row.starts_at > now), len(lines))


def counts_of(states: Mapping[AppointmentState, int]) -> list[Count]:
    return [
        Count(_("Booked"), sum(states.values())),
        Count(_("Came"), sum(states.get(state, 0) for state in CAME)),
        Count(_("Served"), states.get(AppointmentState.SERVED, 0)),
        Count(_("Absent"), states.get(AppointmentState.ABSENT, 0)),
    ]


def without_appointment(session: ReadSession, *, office_id: int, day: date) -> list[Count]:
    """How many places are left today for people without an appointment; nothing where none are set apart."""
    found = walk_ins(session, office_id=office_id, day=day)
    return [Count(_("Places without a turn"), found.left)] if found.apart else []


def _said_they_come(lines: Sequence[AppointmentLine], *, is_ahead: bool) -> list[Count]:
    """How many said that they will come, on a day that is still to come; nothing where nobody did."""
    number = sum(line.comes is not None for line in lines)
    return [Count(COMES.label, number)] if is_ahead and number else []
