"""The page of one office: who keeps order, the register, and the presses that begin, end, and tell of a crowd."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from backoffice.forms.days import today_at
from backoffice.marshals.forms import ShiftForm
from backoffice.offices.in_reach import office_in_reach
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.calendar import instant_of
from desk.language.text import Text
from desk.marshals import shifts
from desk.marshals.alarms import raise_alarm
from desk.marshals.queries import ShiftRow, alarms, on_shift, register
from desk.marshals.refusals import CrowdKnown, ShiftOutOfOrder, ShiftsOverlap
from desk.marshals.rules import LONGEST_SHIFT
from desk.offices.rows import OfficeRow
from desk.organisation import Scope
from desk.rosters.queries import RosterMember, roster_of
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession
from desk.values import LocalDay, LocalMoment

DAYS_OF_ALARMS = timedelta(days=14)
MOST_ALARMS = 20


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """A shift of the register."""

    row: ShiftRow
    began: LocalMoment
    ended: LocalMoment | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class InCharge:
    """Who keeps order now, and whether the reader does."""

    lines: list[ShiftLine]
    is_own: bool


def in_charge(session: ReadSession, request: PageRequest, *, office: OfficeRow) -> InCharge:
    """Who keeps order at the office now."""
    rows = on_shift(session, office_id=office.id, now=request.now)
    own = request.staff.staff_id
    return InCharge([_line(row, request, zone=office.zone) for row in rows], any(row.staff_id == own for row in rows))


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The shifts of the last days, and the form for one that nobody pressed."""
    return _page(session, request)


async def press(request: PageRequest, backend: Backend) -> PageResponse:
    """Begin, end, or tell of a crowd; it leads back to the list of the day, from where it is mostly pressed."""
    office = await backend.read(office_in_reach, request)
    given: dict[str, Any] = {"office_id": office.id, "actor": request.actor, "now": request.now}
    match request.form_text("do"):
        case "begin":
            await backend.write(shifts.begin, **given)
            notice = "shift_began"
        case "end":
            await backend.write(shifts.end, **given)
            notice = "shift_ended"
        case "crowd":
            try:
                await backend.write(raise_alarm, **given)
            except CrowdKnown as refusal:
                return await backend.read(_page, request, problem=refused(refusal), status=409)
            notice = "crowd_told"
        case _:
            raise OutOfReach
    return Redirect(to=f"/today?office={office.id}", notice=notice)


async def enter(request: PageRequest, backend: Backend) -> PageResponse:
    """The manager writes down a shift that is over."""
    office = await backend.read(office_in_reach, request)
    form = _form(await backend.read(roster_of, office_id=office.id), request)
    if not form.validate():
        return await backend.read(_page, request, form=form, status=422)
    day = LocalDay(form.day.data)
    try:
        await backend.write(
            shifts.enter,
            office_id=office.id,
            member_id=int(form.who.data),
            began_at=instant_of(day, minutes=form.begins.data, zone=office.zone),
            ended_at=instant_of(day, minutes=form.ends.data, zone=office.zone),
            actor=request.actor,
            now=request.now,
        )
    except (ShiftOutOfOrder, ShiftsOverlap) as refusal:
        (form.ends if isinstance(refusal, ShiftOutOfOrder) else form.begins).add_error(refused(refusal))
        return await backend.read(_page, request, form=form, status=422)
    return Redirect(to=f"/capacity/{office.id}/order", notice="shift_entered")


def _page(
    session: ReadSession,
    request: PageRequest,
    *,
    form: ShiftForm | None = None,
    problem: Text | None = None,
    status: int = 200,
) -> PageResponse:
    office = office_in_reach(session, request)
    today = today_at(request.now, zone=office.zone).date
    told = alarms(session, scope=Scope.of(office.node), since=request.now - DAYS_OF_ALARMS, limit=MOST_ALARMS)
    may_enter = request.staff.scope(Permission.CAPACITY_WRITE).covers(office.node)
    if may_enter and form is None:
        form = _form(roster_of(session, office_id=office.id))
    lines = [_line(row, request, zone=office.zone) for row in register(session, office_id=office.id, today=today)]
    values = {
        "office": office,
        "lines": lines,
        "in_charge": InCharge(
            [line for line in lines if line.is_open],
            any(line.is_open and line.row.staff_id == request.staff.staff_id for line in lines),
        ),
        "told": [(row, LocalMoment(row.raised_at, row.zone)) for row in told],
        "form": form if may_enter else None,
        "problem": problem,
    }
    return Render(template="marshals/office.html", values=values, status=status)


def _form(members: list[RosterMember], request: PageRequest | None = None) -> ShiftForm:
    form = ShiftForm()
    form.who.options = [(str(each.staff_id), each.name) for each in members]
    if request is not None:
        form.process(request.form)
    return form


def _line(row: ShiftRow, request: PageRequest, *, zone: str) -> ShiftLine:
    """A shift that nobody ended is open for as long as one can last."""
    return ShiftLine(
        row=row,
        began=LocalMoment(row.began_at, zone),
        ended=LocalMoment(row.ended_at, zone) if row.ended_at is not None else None,
        is_open=row.ended_at is None and row.began_at + LONGEST_SHIFT > request.now,
    )
