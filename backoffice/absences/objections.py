"""Objections to recorded absences: those that wait, the last decisions, and one of them with its decision."""

from __future__ import annotations

from dataclasses import dataclass

from backoffice.absences.forms import AbsenceDecisionForm
from backoffice.absences.wording import STATES, WHY
from backoffice.access import require_within
from backoffice.layout.badge import Badge
from backoffice.web.http import Backend, PageRequest, PageResponse, Reading, Redirect, Render
from backoffice.wording import refused
from desk.absences.deciding import decide
from desk.absences.queries import absence, decided, has_recorded, objections
from desk.absences.refusals import AbsenceSettled, SecondPersonNeeded, UpheldWithoutWhy
from desk.absences.rows import AbsenceRow
from desk.absences.rules import AbsenceState, UpheldWhy
from desk.acting import OutOfReach
from desk.appointments.history import EventKind, times
from desk.language.text import Text
from desk.offices.reach import node_of
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession
from desk.values import LocalMoment

PATH = "/outcomes/objections"
MOST = 100
MOST_DECIDED = 30
OVERTURN = "overturn"
UPHOLD = "uphold"


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    """An objection in the list."""

    row: AbsenceRow
    badge: Badge
    visit: LocalMoment
    until: LocalMoment | None
    is_late: bool
    decided: LocalMoment | None
    why: Text | None


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """Those that wait, the one due next first, and the last decisions."""
    waiting = [_line(row, request) for row in objections(session, scope=request.scope, limit=MOST)]
    over = [_line(row, request) for row in decided(session, scope=request.scope, limit=MOST_DECIDED)]
    reading = Reading("absence.read", f"staff:{request.staff.staff_id}", recurs=True) if waiting or over else None
    values = {"waiting": waiting, "over": over, "tab": "objections"}
    return Render(template="absences/objections.html", values=values, reading=reading)


def show(session: ReadSession, request: PageRequest) -> PageResponse:
    """One objection: what was recorded and by whom, what speaks for the person, and the decision."""
    return _show(session, request, form=AbsenceDecisionForm())


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Overturn the absence or let it stand."""
    row = await backend.read(_in_reach, request)
    form = AbsenceDecisionForm(request.form)
    pressed = request.form_text("do")
    form.validate()
    status = 422
    if pressed not in (OVERTURN, UPHOLD):
        form.why.add_error(refused(UpheldWithoutWhy()))
    if not form.errors:
        try:
            await backend.write(
                decide,
                absence_id=row.id,
                is_overturned=pressed == OVERTURN,
                why=UpheldWhy(form.why.data) if form.why.data else None,
                actor=request.actor,
                now=request.now,
            )
        except UpheldWithoutWhy as refusal:
            form.why.add_error(refused(refusal))
        except (AbsenceSettled, SecondPersonNeeded) as refusal:
            form.why.add_error(refused(refusal))
            status = 409
        else:
            return Redirect(to=PATH, notice="absence_decided")
    return await backend.read(_show, request, form=form, status=status)


def _show(session: ReadSession, request: PageRequest, *, form: AbsenceDecisionForm, status: int = 200) -> PageResponse:
    row = _in_reach(session, request)
    is_own = has_recorded(session, appointment_id=row.appointment_id, by=request.actor)
    office = node_of(session, row.office_id)
    values = {
        "line": _line(row, request),
        "form": form,
        "is_open": row.state is AbsenceState.OBJECTED,
        "is_own": is_own,
        "recorded": LocalMoment(row.recorded_at, row.zone),
        "answered": LocalMoment(row.answered_at, row.zone) if row.answered_at else None,
        "arrivals": times(session, appointment_id=row.appointment_id, kind=EventKind.ARRIVED),
        "may_see_day": request.staff.scope(Permission.APPOINTMENTS_READ).covers(office),
        "may_read_history": request.staff.scope(Permission.HISTORY_READ).covers(office),
    }
    reading = Reading("absence.read", f"absence:{row.id}", office_id=row.office_id)
    return Render(template="absences/objection.html", values=values, status=status, reading=reading)


def _line(row: AbsenceRow, request: PageRequest) -> ObjectionLine:
    runs = row.due is not None and row.due.is_running
    return ObjectionLine(
        row=row,
        badge=STATES[row.state],
        visit=LocalMoment(row.starts_at, row.zone),
        until=LocalMoment(row.due.at, row.zone) if row.due is not None and runs else None,
        is_late=row.due is not None and row.due.is_late(request.now),
        decided=LocalMoment(row.decided_at, row.zone) if row.decided_at else None,
        why=WHY[row.why] if row.why is not None else None,
    )


def _in_reach(session: ReadSession, request: PageRequest) -> AbsenceRow:
    """The absence of the address to which somebody objected; raises OutOfReach outside of the scope."""
    row = absence(session, absence_id=request.path["absence"])
    if row is None or row.answered_at is None:
        raise OutOfReach
    require_within(request.scope, node_of(session, row.office_id))
    return row
