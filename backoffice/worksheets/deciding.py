"""One worksheet: what was stated beside what stands and was served, and what the directorate decides about it."""

from __future__ import annotations

from typing import Any

from backoffice.access import require_within
from backoffice.capacity.week_form import with_week
from backoffice.consequences.asking_first import MadeChange, ask_first
from backoffice.forms.days import today_at
from backoffice.forms.versions import ChangedMeanwhile
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from backoffice.worksheets.forms import DecisionForm
from backoffice.worksheets.of_office import line_of
from backoffice.worksheets.saying import days_beside, figures_of, proposal_for, said_record
from backoffice.worksheets.wording import DECIDED, STATES
from desk.acting import OutOfReach
from desk.capacity import queries as capacity
from desk.capacity.refusals import OtherHoursPlanned, TermPassed
from desk.capacity.weeks import Week, week_on
from desk.consequences.actions import IntendedChange
from desk.consequences.hit import Reach
from desk.consequences.rules import ChangeKind
from desk.language.text import FullDay, inline, words
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay
from desk.worksheets.actions import decide, withdraw
from desk.worksheets.queries import measured, worksheet
from desk.worksheets.refusals import NotToBeDecided, ReturnedWithoutReason
from desk.worksheets.rows import WorksheetRow
from desk.worksheets.rules import HOLDS, WorksheetState, decisions_after

_ = words("worksheets")


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The worksheet, for the directorate with the form that decides."""
    return _page(session, request)


async def save(request: PageRequest, backend: Backend) -> PageResponse:
    """Decide; where people lose their time by the hours that hold then, they are shown first."""
    row, week = await backend.read(_standing, request)
    require_within(request.scope, row.node.area)
    form = _form_of(row, week, request.form)
    if not form.validate():
        return await backend.read(_page, request, form=form, status=422)
    state = WorksheetState(form.state.data)
    if form.until_day.data is not None and state is not WorksheetState.FOR_A_TIME:
        form.until_day.add_error(_("This day is only for what stands for a time. Please empty it."))
        return await backend.read(_page, request, form=form, status=422)

    def act(session: WriteSession) -> int:
        form.require_unchanged(
            session,
            subject=f"worksheet:{row.queue_id}",
            present=lambda: _form_of(*_standing(session, request), None),
        )
        return decide(
            session,
            worksheet_id=row.id,
            state=state,
            reason=form.reason.data or "",
            until_day=form.until_day.data,
            actor=request.actor,
            now=request.now,
        )

    intended = IntendedChange(
        kind=ChangeKind.RULE, subject=f"queue:{row.queue_id}", reach=Reach(queue_id=row.queue_id), act=act
    )
    here = f"/capacity/worksheets/{row.id}"
    try:
        done = await ask_first(request, backend, intended, title=inline(row.queue_name, _("Worksheet")), back=here)
    except ChangedMeanwhile:
        return await backend.read(_page, request, form=form, status=409)
    except ReturnedWithoutReason as refusal:
        form.reason.add_error(refused(refusal))
    except NotToBeDecided as refusal:
        form.state.add_error(refused(refusal))
    except TermPassed:
        form.until_day.add_error(_("Please choose today or a later day."))
    except OtherHoursPlanned as refusal:
        day = FullDay(LocalDay(refusal.day))
        form.state.add_error(
            _("Other hours are planned from {day} on; they come first. Return it, or end them.", day=day)
        )
    else:
        if not isinstance(done, MadeChange):
            return done
        return done.redirect(here) if done.change_id or state in HOLDS else Redirect(to=here, notice="decided")
    return await backend.read(_page, request, form=form, status=422)


async def take_back(request: PageRequest, backend: Backend) -> PageResponse:
    """Take a worksheet back that nobody has decided."""

    def act(session: WriteSession) -> WorksheetRow:
        row = _in_reach(session, request)
        withdraw(session, worksheet_id=row.id, actor=request.actor, now=request.now)
        return row

    row = await backend.write(act)
    return Redirect(to=f"/capacity/{row.office_id}/worksheet", notice="taken_back")


def _page(session: ReadSession, request: PageRequest, *, form: DecisionForm | None = None, status: int = 200) -> Render:
    row = _in_reach(session, request)
    today = today_at(request.now, zone=row.zone).date
    rules = capacity.rules_of(session, queue_id=row.queue_id)
    week, replaced = week_on(rules, day=today), week_on(rules, day=max(today, row.from_day))
    seen = measured(session, office_id=row.office_id, zone=row.zone, queue_ids=[row.queue_id], today=today)
    may_write = request.staff.scope(Permission.CAPACITY_WRITE)
    may_decide = may_write.covers(row.node.area) and bool(decisions_after(row.state))
    values: dict[str, Any] = {
        "row": row,
        "line": line_of(row, request),
        "present": figures_of(week),
        "stated": figures_of(row.week),
        "days": days_beside(replaced, row.week),
        "record": said_record(seen[row.queue_id]),
        "proposal": proposal_for(row.week, seen[row.queue_id]),
        "form": (form or _form_of(row, week, None)) if may_decide else None,
        "may_withdraw": may_write.covers(row.node) and row.state is WorksheetState.STATED and not may_decide,
    }
    return Render(template="worksheets/worksheet.html", values=values, status=status)


def _form_of(row: WorksheetRow, week: Week, sent: object) -> DecisionForm:
    """The form with what may follow on the present state; its version is the state, and the week that stands."""
    form = DecisionForm(formdata=None)
    form.state.options = [(each.value, DECIDED[each]) for each in decisions_after(row.state)]
    form.declare("present", _("State"), value=row.state.value, shown=STATES[row.state].label)
    with_week(form, week)
    if sent is not None:
        form.process(sent)
    return form


def _standing(session: ReadSession | WriteSession, request: PageRequest) -> tuple[WorksheetRow, Week]:
    """The worksheet of the address, and the week of its queue that holds today."""
    row = _in_reach(session, request)
    today = today_at(request.now, zone=row.zone).date
    return row, week_on(capacity.rules_of(session, queue_id=row.queue_id), day=today)


def _in_reach(session: ReadSession | WriteSession, request: PageRequest) -> WorksheetRow:
    """The worksheet of the address; raises OutOfReach outside of the scope."""
    row = worksheet(session, worksheet_id=request.path["worksheet"])
    if row is None:
        raise OutOfReach
    require_within(request.scope, row.node)
    return row
