"""The pages of days that differ from the weekly hours; affected appointments are shown before a change is saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from backoffice.capacity.forms import DayForm
from backoffice.capacity.queues import may_write, queue_in_reach
from backoffice.capacity.wording import EXCEPTIONS
from backoffice.consequences.asking_first import MadeChange, ask_first
from backoffice.forms.days import read_date, today_at
from backoffice.forms.versions import MEANWHILE, ChangedMeanwhile
from backoffice.web.http import Backend, PageRequest, PageResponse, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.capacity import actions
from desk.capacity import queries as capacity
from desk.capacity.models import ExceptionKind
from desk.capacity.refusals import HoursOutOfOrder, NotPlausible
from desk.capacity.rows import ExceptionRow
from desk.consequences.actions import IntendedChange
from desk.consequences.hit import Reach
from desk.consequences.rules import ChangeKind
from desk.language.text import Text, words
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay

_ = words("capacity")


@dataclass(frozen=True, slots=True)
class ExceptionLine:
    """A day that differs, in words, with the version of its values."""

    row: ExceptionRow
    kind: Text
    version: str


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The coming days that differ, with the form for another one."""
    return _page(session, request, form=None, day=read_date(request.query_text("day")))


async def change(request: PageRequest, backend: Backend) -> PageResponse:
    """Change a day; affected appointments are shown first."""
    form = DayForm(request.form)
    if not form.validate() or not _is_complete(form):
        return await backend.read(_page, request, form=form, status=422)
    day: date = form.day.data

    def act(session: WriteSession) -> None:
        _office, queue = queue_in_reach(session, request)
        form.require_listed(
            session, subject=f"queue:{queue.id}", present=lambda: _form_on(session, queue_id=queue.id, day=day)
        )
        actions.set_exception(
            session,
            queue_id=queue.id,
            day=day,
            kind=ExceptionKind(form.kind.data),
            opens=form.opens.data,
            closes=form.closes.data,
            counters=form.counters.data,
            reason=form.reason.data,
            is_sure=form.is_meant.data,
            actor=request.actor,
            now=request.now,
        )

    title = _("{day}: {kind}", day=LocalDay(day), kind=EXCEPTIONS[ExceptionKind(form.kind.data)])
    try:
        return await _through_the_sheet(request, backend, day=day, act=act, title=title, notice="saved")
    except ChangedMeanwhile:
        return await backend.read(_page, request, form=form, status=409)
    except NotPlausible as refusal:
        words_for = _("That gives {n} places on this day. Is that meant?", n=refusal.places)
        form.is_meant.add_error(words_for)
        return await backend.read(_page, request, form=form, status=422)
    except HoursOutOfOrder as refusal:
        field = {"closes": form.closes, "counters": form.counters}.get(refusal.field, form.opens)
        field.add_error(refused(refusal))
        return await backend.read(_page, request, form=form, status=422)


async def clear(request: PageRequest, backend: Backend) -> PageResponse:
    """Delete the exception of a day; where the weekly hours are shorter, appointments may be affected."""
    day = read_date(str(request.form.get("day") or ""))
    if day is None:
        raise OutOfReach

    def act(session: WriteSession) -> None:
        _office, queue = queue_in_reach(session, request)
        press.require_unchanged(
            session,
            subject=f"queue:{queue.id}",
            present=lambda: _form_on(session, queue_id=queue.id, day=day) or DayForm(),
        )
        actions.clear_exception(session, queue_id=queue.id, day=day, actor=request.actor, now=request.now)

    press = DayForm(request.form)
    title = _("{day}: as usual again", day=LocalDay(day))
    try:
        return await _through_the_sheet(request, backend, day=day, act=act, title=title, notice="deleted")
    except ChangedMeanwhile:
        return await backend.read(_page, request, form=None, problem=MEANWHILE, status=409)


async def _through_the_sheet(
    request: PageRequest, backend: Backend, *, day: date, act: Callable[[WriteSession], None], title: Text, notice: str
) -> PageResponse:
    intended = IntendedChange(
        kind=ChangeKind.DAY,
        subject=f"queue:{request.path['queue']}",
        reach=Reach(queue_id=request.path["queue"], day=day),
        act=act,
        detail={"day": day.isoformat()},
    )
    done = await ask_first(request, backend, intended, title=title, back=_address(request))
    return done.redirect(_address(request), notice=notice) if isinstance(done, MadeChange) else done


def _is_complete(form: DayForm) -> bool:
    """Other hours need both times, or other counters alone."""
    if form.kind.data != ExceptionKind.HOURS.value:
        return True
    if form.opens.data is None and form.counters.data is None:
        form.opens.add_error(_("Please give the hours or the counters of this day."))
    elif (form.opens.data is None) != (form.closes.data is None):
        missing = form.opens if form.opens.data is None else form.closes
        missing.add_error(_("Please fill this in."))
    else:
        return True
    return False


def _form_of(row: ExceptionRow) -> DayForm:
    """The form with the present values of a day that differs."""
    return DayForm(
        data={
            "day": row.day,
            "kind": row.kind.value,
            "opens": row.opens,
            "closes": row.closes,
            "counters": row.counters,
            "reason": row.reason,
        }
    )


def _form_on(session: ReadSession | WriteSession, *, queue_id: int, day: date) -> DayForm | None:
    """The same for one day; None where it is as usual."""
    found = capacity.exceptions_of(session, queue_id=queue_id, from_day=day, to_day=day)
    return _form_of(found[0]) if found else None


def _page(
    session: ReadSession,
    request: PageRequest,
    *,
    form: DayForm | None,
    day: date | None = None,
    problem: Text | None = None,
    status: int = 200,
) -> PageResponse:
    office, queue = queue_in_reach(session, request)
    today: date = today_at(request.now, zone=office.zone).date
    rows = capacity.exceptions_of(session, queue_id=queue.id, from_day=today)
    present = [_form_of(row) for row in rows]
    values = {
        "form": form or DayForm(data={"day": day}).beside(*present),
        "office": office,
        "queue": queue,
        "lines": [
            ExceptionLine(row, EXCEPTIONS[row.kind], each.version) for row, each in zip(rows, present, strict=True)
        ],
        "problem": problem,
        "may_write": may_write(request, office),
        "tab": "exceptions",
    }
    return Render(template="capacity/queue_days.html", values=values, status=status)


def _address(request: PageRequest) -> str:
    return f"/capacity/{request.path['office']}/queues/{request.path['queue']}/days"
