"""The page on which somebody of an office asks for days off, and the answer of the manager."""

from __future__ import annotations

from dataclasses import dataclass

from backoffice.forms.versions import ChangedMeanwhile
from backoffice.layout.badge import Badge
from backoffice.offices.in_reach import office_in_reach
from backoffice.rosters.forms import LeaveForm
from backoffice.rosters.week import decision_form, show_week, week_of_day
from backoffice.rosters.wording import LEAVE_STATES
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.language.text import Text
from desk.rosters.leave import ask_leave, decide_leave, withdraw_leave
from desk.rosters.leave_queries import LeaveRow, leave, own_leave
from desk.rosters.queries import roster_of
from desk.rosters.refusals import DeclinedWithoutWord, LeaveAskedTwice, LeaveDecided, LeaveOutOfOrder, NotInTheRoster
from desk.rosters.rules import LeaveState
from desk.storage.base import ReadSession, WriteSession

GRANT = "grant"


@dataclass(frozen=True, slots=True)
class LeaveLine:
    """Leave of the reader with its state."""

    row: LeaveRow
    state: Badge
    may_withdraw: bool


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """What the reader asked for at this office, and the form for more."""
    return _page(session, request)


async def ask(request: PageRequest, backend: Backend) -> PageResponse:
    """Ask for the days, or take back what one asked for before it was decided."""
    office = await backend.read(office_in_reach, request)
    taken_back = request.form_number("take_back")
    if taken_back is not None:
        try:
            await backend.write(withdraw_leave, leave_id=taken_back, actor=request.actor, now=request.now)
        except LeaveDecided as refusal:  # the list shows what was said to it
            return await backend.read(_page, request, problem=refused(refusal), status=409)
        return Redirect(to=f"/capacity/{office.id}/leave", notice="leave_withdrawn")
    form = LeaveForm(request.form)
    if not form.validate():
        return await backend.read(_page, request, form=form, status=422)
    try:
        await backend.write(
            ask_leave,
            office_id=office.id,
            first=form.first.data,
            last=form.last.data or form.first.data,
            reason=form.reason.data or "",
            actor=request.actor,
            now=request.now,
        )
    except LeaveOutOfOrder as refusal:
        is_end = form.last.data is not None and form.last.data < form.first.data
        (form.last if is_end else form.first).add_error(refused(refusal))
    except (LeaveAskedTwice, NotInTheRoster) as refusal:
        form.first.add_error(refused(refusal))
    else:
        return Redirect(to=f"/capacity/{office.id}/leave", notice="leave_asked")
    return await backend.read(_page, request, form=form, status=422)


async def decide(request: PageRequest, backend: Backend) -> PageResponse:
    """Grant or decline; granted days lead to the counters that may be closed by that, on the page of the week."""
    row = await backend.read(_in_reach, request)
    form = decision_form(row)
    form.process(request.form)
    form.validate()

    def act(session: WriteSession) -> None:
        form.require_unchanged(
            session, subject=f"leave:{row.office_id}", present=lambda: decision_form(_in_reach(session, request))
        )
        decide_leave(
            session,
            leave_id=row.id,
            is_granted=request.form_text("do") == GRANT,
            word=form.word.data or "",
            actor=request.actor,
            now=request.now,
        )

    status = 422
    if not form.errors:
        try:
            await backend.write(act)
        except ChangedMeanwhile:
            status = 409
        except (DeclinedWithoutWord, LeaveDecided) as refusal:
            form.word.add_error(refused(refusal))
        else:
            to = f"/capacity/{row.office_id}/duty?day={row.first.isoformat()}"
            return Redirect(to=to, notice="leave_decided")
    first = week_of_day(row.first)
    return await backend.read(show_week, request, first=first, deciding=(row.id, form), status=status)


def _page(
    session: ReadSession,
    request: PageRequest,
    *,
    form: LeaveForm | None = None,
    problem: Text | None = None,
    status: int = 200,
) -> PageResponse:
    office = office_in_reach(session, request)
    own_id = request.staff.staff_id
    rows = own_leave(session, office_id=office.id, staff_id=own_id)
    values = {
        "office": office,
        "form": form or LeaveForm(),
        "problem": problem,
        "is_in_roster": any(each.staff_id == own_id for each in roster_of(session, office_id=office.id)),
        "lines": [LeaveLine(row, LEAVE_STATES[row.state], row.state is LeaveState.ASKED) for row in rows],
    }
    return Render(template="rosters/leave.html", values=values, status=status)


def _in_reach(session: ReadSession | WriteSession, request: PageRequest) -> LeaveRow:
    """The leave of the address; raises OutOfReach outside of the scope."""
    office = office_in_reach(session, request)
    row = leave(session, leave_id=request.path["leave"])
    if row is None or row.office_id != office.id:
        raise OutOfReach
    return row
