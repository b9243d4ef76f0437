"""The form by which an office states what a queue can do in a week, begun with the week that stands."""

from __future__ import annotations

from typing import Any

from backoffice.capacity.week import changes_the_form, is_in_order
from backoffice.capacity.week_form import (
    NAMES,
    Grid,
    at_range,
    fields_of,
    grid_of,
    grid_sent,
    is_valid,
    week_in,
    with_week,
)
from backoffice.capacity.wording import DATES, DOUBTS
from backoffice.consequences.asking_first import MadeChange, ask_first
from backoffice.forms.days import today_at
from backoffice.forms.fields import field_named
from backoffice.forms.versions import ChangedMeanwhile
from backoffice.offices.in_reach import office_in_reach
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from backoffice.wording import refused
from backoffice.worksheets.forms import StatementForm
from backoffice.worksheets.saying import days_beside, figures_of, proposal_for, said_record
from desk.acting import OutOfReach
from desk.capacity import approval
from desk.capacity import queries as capacity
from desk.capacity.refusals import HoursOutOfOrder, NotPlausible, OtherHoursPlanned
from desk.capacity.weeks import Week, week_on
from desk.consequences.actions import IntendedChange
from desk.consequences.hit import Reach
from desk.consequences.rules import ChangeKind
from desk.language.text import FullDay, inline, words
from desk.offices.rows import OfficeRow
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay
from desk.worksheets.actions import state_capacity
from desk.worksheets.queries import measured, queues_with_weeks, waiting_of
from desk.worksheets.rows import QueueWithWeek
from desk.worksheets.rules import with_minutes

_ = words("worksheets")


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The week that holds today; with `minutes` in the address, with so many minutes for each person."""
    office, queue = _place(session, request)
    form = StatementForm(data={"valid_from": today_at(request.now, zone=office.zone).date})
    minutes = request.query_number("minutes")
    shown = with_minutes(queue.week, minutes=minutes) if minutes and minutes <= MOST_MINUTES else queue.week
    return _show(session, request, office, queue, form=with_week(form, queue.week), grid=grid_of(shown))


MOST_MINUTES = 480


async def state(request: PageRequest, backend: Backend) -> PageResponse:
    """State the week; its other buttons only change what stands in the form, or show the places."""
    form, grid = StatementForm(request.form), grid_sent(request.form)
    if changes_the_form(request, grid):
        return await backend.read(_page, request, form=form, grid=grid)
    if not (form.validate() & is_valid(grid)) or not is_in_order(grid):
        return await backend.read(_page, request, form=form, grid=grid, status=422)
    week = week_in(grid)
    with_week(form, week)
    if request.form_text("do") == "show":
        return await backend.read(_page, request, form=form, grid=grid, shows=week)

    def act(session: WriteSession) -> int:
        _office, queue = _place(session, request)
        form.require_unchanged(
            session,
            subject=f"queue:{queue.id}",
            present=lambda: with_week(StatementForm(), _place(session, request)[1].week),
        )
        return state_capacity(
            session,
            queue_id=queue.id,
            week=week,
            from_day=form.valid_from.data,
            note=form.note.data or "",
            is_sure=form.is_meant.data,
            actor=request.actor,
            now=request.now,
        )

    office, queue = await backend.read(_place, request)
    intended = IntendedChange(
        kind=ChangeKind.RULE, subject=f"queue:{queue.id}", reach=Reach(queue_id=queue.id), act=act
    )
    here = f"/capacity/{office.id}/worksheet"
    try:
        done = await ask_first(request, backend, intended, title=inline(queue.name, _("Worksheet")), back=here)
    except ChangedMeanwhile:
        return await backend.read(_page, request, form=form, grid=grid, status=409)
    except NotPlausible as refusal:
        form.is_meant.add_error(refused(refusal))
    except HoursOutOfOrder as refusal:
        form.valid_from.add_error(DATES.get(refusal.field, refused(refusal)))
    except OtherHoursPlanned as refusal:
        day = FullDay(LocalDay(refusal.day))
        form.valid_from.add_error(_("Other hours are planned from {day} on. Choose that day or a later one.", day=day))
    else:
        if not isinstance(done, MadeChange):
            return done
        # What waits for approval has changed no hours, so nothing is said of appointments.
        waits = await backend.read(approval.is_needed, at=office.node)
        return Redirect(to=here, notice="stated") if waits else done.redirect(here)
    return await backend.read(_page, request, form=form, grid=grid, status=422)


def _page(
    session: ReadSession,
    request: PageRequest,
    *,
    form: StatementForm,
    grid: Grid,
    shows: Week | None = None,
    status: int = 200,
) -> Render:
    office, queue = _place(session, request)
    return _show(session, request, office, queue, form=form, grid=grid, shows=shows, status=status)


def _show(
    session: ReadSession,
    request: PageRequest,
    office: OfficeRow,
    queue: QueueWithWeek,
    *,
    form: StatementForm,
    grid: Grid,
    shows: Week | None = None,
    status: int = 200,
) -> Render:
    today, week = today_at(request.now, zone=office.zone).date, queue.week
    seen = measured(session, office_id=office.id, zone=office.zone, queue_ids=[queue.id], today=today)[queue.id]
    doubts: dict[str, Any] = {}
    if form.is_meant.reasons or shows is not None:
        found = week_in(grid).doubts()
        doubts = {
            field_named(each, "opens").name: [DOUBTS[doubt] for doubt in found.get(at, ())]
            for at, each in at_range(grid)
        }
    replaced = week
    if shows is not None and form.valid_from.data > today:
        replaced = week_on(capacity.rules_of(session, queue_id=queue.id), day=form.valid_from.data)
    values = {
        "office": office,
        "queue": queue,
        "form": form,
        "grid": grid,
        "ranges": fields_of(grid),
        "names": NAMES,
        "doubts": doubts,
        "asks_meant": bool(form.is_meant.reasons) or any(doubts.values()),
        "needs_approval": approval.is_needed(session, at=office.node),
        "replaces": waiting_of(session, queue_id=queue.id),
        "figures_now": figures_of(week),
        "record_lines": said_record(seen),
        "proposal": proposal_for(week, seen),
        "shown": figures_of(shows) if shows else None,
        "days": days_beside(replaced, shows) if shows else (),
    }
    return Render(template="worksheets/state.html", values=values, status=status)


def _place(session: ReadSession | WriteSession, request: PageRequest) -> tuple[OfficeRow, QueueWithWeek]:
    """The queue of the address with the week that holds today; raises OutOfReach outside of the scope."""
    office = office_in_reach(session, request)
    today = today_at(request.now, zone=office.zone).date
    found = queues_with_weeks(session, office_id=office.id, day=today)
    queue = next((each for each in found if each.id == request.path["queue"]), None)
    if queue is None:
        raise OutOfReach
    return office, queue
