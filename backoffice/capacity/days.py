"""The pages of days that differ from the weekly hours; affected appointments are shown before a change is saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from backoffice.capacity.forms import RANGES_OF_A_DAY, DayForm
from backoffice.capacity.queues import may_write, queue_in_reach
from backoffice.capacity.saying import said_differing
from backoffice.capacity.week_form import NAMES
from backoffice.capacity.wording import EXCEPTIONS, OVERLAPS
from backoffice.consequences.asking_first import MadeChange, ask_first
from backoffice.forms.days import read_date, today_at
from backoffice.forms.fields import field_named
from backoffice.forms.versions import MEANWHILE, ChangedMeanwhile
from backoffice.web.http import Backend, PageRequest, PageResponse, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.capacity import actions
from desk.capacity import queries as capacity
from desk.capacity.models import ExceptionKind
from desk.capacity.refusals import HoursOutOfOrder, NotPlausible
from desk.capacity.rows import ExceptionRow
from desk.capacity.rules import DayHours
from desk.consequences.actions import IntendedChange
from desk.consequences.hit import Reach
from desk.consequences.rules import ChangeKind
from desk.language.text import Param, Text, series, words
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay

_ = words("capacity")


@dataclass(frozen=True, slots=True)
class ExceptionLine:
    """A day that differs, in words, with the version of its values."""

    row: ExceptionRow
    kind: Text
    hours: Param
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
    hours = [hours for _ending, hours in _ranges_in(form)]

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
            hours=hours,
            counters=None if hours else form.counters.data,
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
        endings = [ending for ending, _hours in _ranges_in(form)]
        ending = endings[refusal.number] if refusal.number < len(endings) else ""
        if refusal.field == "overlap":
            field_named(form, f"opens{ending}").add_error(OVERLAPS)
        else:
            name = refusal.field if refusal.field in NAMES else "opens"
            field_named(form, f"{name}{ending}").add_error(refused(refusal))
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


def _ranges_in(form: DayForm) -> list[tuple[str, DayHours]]:
    """The ranges that were filled in, each with how the names of its fields end."""
    if form.kind.data == ExceptionKind.CLOSED.value:
        return []
    return [
        (ending, DayHours(*(form[f"{name}{ending}"].data for name in NAMES)))
        for ending in RANGES_OF_A_DAY
        if form[f"opens{ending}"].data is not None
    ]


def _is_complete(form: DayForm) -> bool:
    """Each range needs both times; other hours need a range, or other counters alone, further hours need a range."""
    if form.kind.data == ExceptionKind.CLOSED.value:
        return True
    for ending in RANGES_OF_A_DAY:
        opens, closes = (field_named(form, f"{name}{ending}") for name in ("opens", "closes"))
        if (opens.data is None) != (closes.data is None):
            (opens if opens.data is None else closes).add_error(_("Please fill this in."))
            return False
    if not _ranges_in(form) and form.kind.data == ExceptionKind.EXTRA.value:
        form.opens.add_error(_("Please fill this in."))
    elif not _ranges_in(form) and form.counters.data is None:
        form.opens.add_error(_("Please give the hours or the counters of this day."))
    return not form.errors


def _form_of(row: ExceptionRow) -> DayForm:
    """The form with the present values of a day that differs."""
    values: dict[str, Any] = {"day": row.day, "kind": row.kind.value, "counters": row.counters, "reason": row.reason}
    for ending, hours in zip(RANGES_OF_A_DAY, row.hours, strict=False):
        counters = hours.counters if hours.counters is not None else row.counters
        given = (hours.opens, hours.closes, counters, hours.minutes_per_person)
        values |= {f"{name}{ending}": value for name, value in zip(NAMES, given, strict=True)}
    return DayForm(data=values)


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
        "form": form or _opened(rows, day=day).beside(*present),
        "endings": RANGES_OF_A_DAY,
        "office": office,
        "queue": queue,
        "lines": [
            ExceptionLine(row, EXCEPTIONS[row.kind], series(*map(said_differing, row.hours)), each.version)
            for row, each in zip(rows, present, strict=True)
        ],
        "problem": problem,
        "may_write": may_write(request, office),
        "tab": "exceptions",
    }
    return Render(template="capacity/queue_days.html", values=values, status=status)


def _opened(rows: Sequence[ExceptionRow], *, day: date | None) -> DayForm:
    """The form for another day that differs, or with what was given to the day of the address."""
    found = next((row for row in rows if row.day == day), None)
    return _form_of(found) if found is not None else DayForm(data={"day": day})


def _address(request: PageRequest) -> str:
    return f"/capacity/{request.path['office']}/queues/{request.path['queue']}/days"
