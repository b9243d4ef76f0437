"""The roster of an office by week: who is on duty on which day, and the days without a marshal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from backoffice.capacity.queues import may_write
from backoffice.forms.days import read_date, today_at
from backoffice.forms.versions import ChangedMeanwhile
from backoffice.offices.in_reach import office_in_reach
from backoffice.rosters.forms import LeaveDecisionForm, RosterForm
from backoffice.rosters.wording import LEAVE, LEAVE_STATES
from backoffice.staff.wording import ROLES
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from desk.calendar import TEHRAN, weekday_of
from desk.language.text import Text, inline
from desk.offices.rows import OfficeRow
from desk.rosters.actions import set_days_off
from desk.rosters.leave_queries import LeaveRow, leave_asked
from desk.rosters.queries import RosterMember, conditions_for, days_off_between, roster_of, working_days
from desk.rosters.rules import without_marshal
from desk.staff.permissions import Permission, Role
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay

DAYS = 7


@dataclass(frozen=True, slots=True)
class DutyCell:
    """Somebody on one day."""

    key: str
    day: date
    is_there: bool
    """On duty that day."""
    may_change: bool
    """The role is in force, and the office works on that day."""
    is_off: bool


@dataclass(frozen=True, slots=True)
class DutyLine:
    """Somebody with the days of the week."""

    name: str
    role: Text
    cells: tuple[DutyCell, ...]

    @property
    def has_days(self) -> bool:
        """Whether the row shows a day: the role may begin later, or the office be closed all week."""
        return any(cell.may_change or cell.is_off for cell in self.cells)


@dataclass(frozen=True, slots=True)
class DayWithFewer:
    """A day on which some clerks are off duty, so that the office may need fewer counters."""

    day: date
    off: int
    clerks: int
    """Who would be there if nobody were off."""

    @property
    def there(self) -> int:
        return self.clerks - self.off


@dataclass(frozen=True, slots=True)
class AskedLeave:
    """Leave that somebody asks for, with the form that answers it."""

    row: LeaveRow
    form: LeaveDecisionForm


@dataclass(frozen=True, slots=True)
class OfficeWeek:
    """What stands of the week."""

    office: OfficeRow
    first: date
    members: list[RosterMember]
    off: set[tuple[int, date]]
    works: set[date]

    @property
    def days(self) -> list[date]:
        """The days of the week."""
        return [self.first + timedelta(days=n) for n in range(DAYS)]

    @property
    def last(self) -> date:
        """The last of them."""
        return self.days[-1]


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The week of today, or of the day in the address."""
    return show_week(session, request, first=_first(request.query_text("day"), request))


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Say who is off duty in this week."""
    first = _first(request.form_text("day"), request)
    week = await backend.read(_week, request, first)
    form = _form_of(week)
    form.process(request.form)
    form.validate()
    off = [_of_key(each) for each in form.off.data or ()]

    def act(session: WriteSession) -> None:
        form.require_unchanged(
            session, subject=f"roster:{week.office.id}", present=lambda: _form_of(_week(session, request, first))
        )
        set_days_off(
            session,
            office_id=week.office.id,
            first=week.first,
            last=week.last,
            off=off,
            actor=request.actor,
            now=request.now,
        )

    try:
        await backend.write(act)
    except ChangedMeanwhile:
        return await backend.read(show_week, request, first=first, form=form, status=409)
    return Redirect(to=f"/capacity/{week.office.id}/duty?day={first.isoformat()}", notice="saved")


def decision_form(row: LeaveRow) -> LeaveDecisionForm:
    """The form that answers leave; its version is the state."""
    form = LeaveDecisionForm(formdata=None)
    form.declare("state", LEAVE, value=row.state.value, shown=LEAVE_STATES[row.state].label)
    return form


def week_of_day(day: date) -> date:
    """The Saturday of the week of this day."""
    return day - timedelta(days=weekday_of(day))


def show_week(
    session: ReadSession,
    request: PageRequest,
    *,
    first: date,
    form: RosterForm | None = None,
    deciding: tuple[int, LeaveDecisionForm] | None = None,
    status: int = 200,
) -> Render:
    """The week with the leave that is asked for; `deciding` is an answer that comes back with its fault."""
    week = _week(session, request, first)
    form = form or _form_of(week)
    today = today_at(request.now, zone=week.office.zone).date
    may = may_write(request, week.office)
    asked = leave_asked(session, office_id=week.office.id) if may else []
    forms = dict([deciding]) if deciding else {}
    marshals = [each.duty for each in week.members if each.role is Role.MARSHAL]
    ahead = [day for day in week.works if day >= today]
    is_above = request.staff.scope(Permission.OFFICES_WRITE).covers(week.office.node.area)
    values = {
        "office": week.office,
        "form": form,
        "days": week.days,
        "works": week.works,
        "lines": [_line(each, week, chosen=form.off.chosen) for each in week.members],
        "unkept": without_marshal(ahead, marshals=marshals, off=week.off),
        "short": _short_days(week, today=today),
        "conditions": conditions_for(session, at=week.office.node),
        "first": first,
        "before": first - timedelta(days=DAYS),
        "after": first + timedelta(days=DAYS),
        "may_write": may,
        "asked": [AskedLeave(row, forms.get(row.id) or decision_form(row)) for row in asked],
        "may_warn": is_above,
    }
    return Render(template="rosters/week.html", values=values, status=status)


def _short_days(week: OfficeWeek, *, today: date) -> list[DayWithFewer]:
    """The working days from today on with a clerk off duty; closing counters asks first about who has a place."""
    found = []
    for day in sorted(day for day in week.works if day >= today):
        clerks = [each for each in week.members if each.role is Role.CLERK and each.duty.is_there(day, off=())]
        off = sum(not each.duty.is_there(day, off=week.off) for each in clerks)
        if off:
            found.append(DayWithFewer(day, off, len(clerks)))
    return found


def _week(session: ReadSession | WriteSession, request: PageRequest, first: date) -> OfficeWeek:
    office = office_in_reach(session, request)
    last = first + timedelta(days=DAYS - 1)
    return OfficeWeek(
        office,
        first,
        roster_of(session, office_id=office.id),
        days_off_between(session, office_id=office.id, first=first, last=last),
        working_days(session, office_id=office.id, first=first, last=last),
    )


def _form_of(week: OfficeWeek) -> RosterForm:
    form = RosterForm(formdata=None)
    names = {each.staff_id: each.name for each in week.members}
    form.off.options = [
        (_key(staff_id, day), inline(name, LocalDay(day))) for staff_id, name in names.items() for day in week.days
    ]
    form.off.data = [_key(*each) for each in sorted(week.off) if each[0] in names]
    return form


def _line(member: RosterMember, week: OfficeWeek, *, chosen: Iterable[str]) -> DutyLine:
    cells = []
    for day in week.days:
        key = _key(member.staff_id, day)
        may = day in week.works and member.duty.is_there(day, off=())
        cells.append(DutyCell(key, day, may and member.duty.is_there(day, off=week.off), may, key in set(chosen)))
    return DutyLine(member.name, ROLES[member.role], tuple(cells))


def _key(staff_id: int, day: date) -> str:
    return f"{staff_id}:{day.isoformat()}"


def _of_key(key: str) -> tuple[int, date]:
    staff_id, _colon, day = key.partition(":")
    return int(staff_id), date.fromisoformat(day)


def _first(typed: str, request: PageRequest) -> date:
    """The Saturday of the week of the address or form, else of this week."""
    return week_of_day(read_date(typed) or today_at(request.now, zone=TEHRAN).date)
