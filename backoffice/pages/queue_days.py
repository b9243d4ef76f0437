"""Days on which a queue differs from its weekly hours; whose turns are hit is shown before anything is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from backoffice.access import OutOfReach
from backoffice.days import read_date, today_at
from backoffice.exchange import Ask, Desk, Go, Reply, Show
from backoffice.forms.capacity import CancelForm, DayForm
from backoffice.forms.fields import entry_named
from backoffice.pages.capacity import may_write, queue_in_reach
from backoffice.wording import EXCEPTIONS, refused
from desk.appointments import actions as appointments
from desk.appointments import queries as turns
from desk.appointments.rows import TurnRow
from desk.capacity import actions
from desk.capacity import queries as capacity
from desk.capacity.models import ExceptionKind
from desk.capacity.refusals import HoursOutOfOrder
from desk.capacity.rows import ExceptionRow
from desk.language.text import Text, words
from desk.storage.base import ReadSession, WriteSession

_ = words("capacity")

SHOWN_TURNS = 200
"""Turns that are listed by name before a day is closed; a queue has fewer on a day."""


@dataclass(frozen=True, slots=True)
class Line:
    """A day that differs, in words."""

    row: ExceptionRow
    kind: Text


class OnlyLooking(Exception):
    """Ends a transaction whose effects were only wanted for show; carries what was seen."""

    def __init__(self, hit: list[TurnRow]) -> None:
        super().__init__()
        self.hit = hit


def page(session: ReadSession, ask: Ask) -> Reply:
    """The days to come that differ, with the form for another one."""
    return _page(session, ask, form=DayForm(data={"day": read_date(ask.asked("day"))}))


async def change(ask: Ask, desk: Desk) -> Reply:
    """Change a day: first the turns that would be hit are shown, then it is done."""
    form, cancelling = DayForm(ask.form), CancelForm(ask.form)
    if not form.validate() or not _is_complete(form):
        return await desk.read(_page, ask, form=form, status=422)
    is_sure = bool(ask.form.get("sure"))
    if is_sure and not cancelling.validate():
        is_sure = False
    elif is_sure and cancelling.cancels.data and not cancelling.words.data:
        cancelling.words.complain(_("Please tell the people why."))
        is_sure = False
    try:
        await desk.write(_change, ask, form, cancelling, is_sure=is_sure)
    except OnlyLooking as seen:
        return await _ask_first(ask, desk, form=form, cancelling=cancelling, hit=seen.hit)
    except HoursOutOfOrder as refusal:
        field = {"closes": form.closes, "counters": form.counters}.get(refusal.field, form.opens)
        field.complain(refused(refusal))
        return await desk.read(_page, ask, form=form, status=422)
    return Go(to=_address(ask), notice="saved")


async def clear(ask: Ask, desk: Desk) -> Reply:
    """Let the weekly hours speak of the day again."""
    day = read_date(str(ask.form.get("day") or ""))
    if day is None:
        raise OutOfReach

    def act(session: WriteSession) -> None:
        _office, queue = queue_in_reach(session, ask)
        actions.clear_exception(session, queue_id=queue.id, day=day, staff_id=ask.staff.staff_id, now=ask.now)

    await desk.write(act)
    return Go(to=_address(ask), notice="deleted")


def _change(session: WriteSession, ask: Ask, form: DayForm, cancelling: CancelForm, *, is_sure: bool) -> None:
    """Change the day; unless it is sure, and where turns are hit, only to see which, by ending with OnlyLooking."""
    _office, queue = queue_in_reach(session, ask)
    kind = ExceptionKind(form.kind.data)
    changed = actions.set_exception(
        session,
        queue_id=queue.id,
        day=form.day.data,
        kind=kind,
        opens=form.opens.data,
        closes=form.closes.data,
        counters=form.counters.data,
        reason=form.reason.data,
        staff_id=ask.staff.staff_id,
        now=ask.now,
    )
    if not changed.hit:
        return
    if not is_sure:
        found = (turns.turn(session, appointment_id=each) for each in changed.hit[:SHOWN_TURNS])
        raise OnlyLooking([turn for turn in found if turn is not None])
    if cancelling.cancels.data:
        for each in changed.hit:
            appointments.cancel_by_office(
                session,
                appointment_id=each,
                staff_id=ask.staff.staff_id,
                reason=cancelling.words.data,
                now=ask.now,
            )


async def _ask_first(ask: Ask, desk: Desk, *, form: DayForm, cancelling: CancelForm, hit: list[TurnRow]) -> Reply:
    office, queue = await desk.read(queue_in_reach, ask)
    again: Mapping[str, Any] = {
        name: entry_named(form, name).typed for name in ("day", "kind", "opens", "closes", "counters", "reason")
    }
    values = {
        "office": office,
        "queue": queue,
        "day": form.day.data,
        "kind": EXCEPTIONS[ExceptionKind(form.kind.data)],
        "hit": hit,
        "again": again,
        "form": cancelling,
        "address": _address(ask),
    }
    return Show(template="capacity/day_sure.html", values=values, status=422 if cancelling.errors else 200)


def _is_complete(form: DayForm) -> bool:
    """Other hours need both ends, or other counters alone."""
    if form.kind.data != ExceptionKind.HOURS.value:
        return True
    if form.opens.data is None and form.counters.data is None:
        form.opens.complain(_("Please give the hours or the counters of this day."))
    elif (form.opens.data is None) != (form.closes.data is None):
        missing = form.opens if form.opens.data is None else form.closes
        missing.complain(_("Please fill this in."))
    else:
        return True
    return False


def _page(session: ReadSession, ask: Ask, *, form: DayForm, status: int = 200) -> Reply:
    office, queue = queue_in_reach(session, ask)
    today: date = today_at(ask.now, zone=office.zone).date
    rows = capacity.exceptions_of(session, queue_id=queue.id, from_day=today)
    values = {
        "form": form,
        "office": office,
        "queue": queue,
        "lines": [Line(row, EXCEPTIONS[row.kind]) for row in rows],
        "may_write": may_write(ask, office),
        "tab": "exceptions",
    }
    return Show(template="capacity/queue_days.html", values=values, status=status)


def _address(ask: Ask) -> str:
    return f"/capacity/{ask.path['office']}/queues/{ask.path['queue']}/days"
