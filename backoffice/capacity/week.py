"""The page on which a queue's whole week is changed in one go, at this queue and at others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from backoffice.capacity.outlook import WeekOutlook, outlook_of
from backoffice.capacity.queues import one_for_all, queue_in_reach
from backoffice.capacity.week_form import (
    NAMES,
    Grid,
    WeekForm,
    at_range,
    copied,
    fields_of,
    grid_of,
    grid_sent,
    is_valid,
    week_in,
    with_one_more,
    with_week,
    without,
)
from backoffice.capacity.wording import DATES, DOUBTS, RANGE_FAULTS
from backoffice.consequences.asking_first import MadeChange, ask_first
from backoffice.consequences.wording import CHANGES
from backoffice.forms.days import read_date, today_at
from backoffice.forms.fields import field_named
from backoffice.forms.versions import ChangedMeanwhile
from backoffice.offices.in_reach import office_in_reach
from backoffice.web.http import Backend, PageRequest, PageResponse, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.capacity import queries as capacity
from desk.capacity.many_queues import QueueThere, queues_there, rules_by_queue
from desk.capacity.refusals import HoursOutOfOrder, NotPlausible, OtherHoursPlanned
from desk.capacity.rows import QueueRow, RuleRow
from desk.capacity.saving_weeks import set_week
from desk.capacity.weeks import Week, last_day_of, week_on, weeks_ahead
from desk.consequences.actions import IntendedChange
from desk.consequences.foreseeing import Foreseen, foresee
from desk.consequences.hit import Reach
from desk.consequences.rules import ChangeKind
from desk.language.text import FullDay, Param, Text, inline, words
from desk.offices.rows import OfficeRow
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay

_ = words("capacity")

AT_ONCE = 60
"""The most queues that take the week in one go."""
_CODE = re.compile(r"[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*")


@dataclass(frozen=True, slots=True)
class WeekOnPage:
    """What stands of the queue and of those that the form may take along."""

    office: OfficeRow
    queue: QueueRow
    rules: Sequence[RuleRow]
    others: Sequence[QueueThere]
    """The other queues on offer: those of this office, those ticked, and those found by the code of their office."""
    version: int


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The week that holds today, or on the day of the address, with the form to change it."""
    office, queue, own = _place(session, request)
    rules = capacity.rules_of(session, queue_id=queue.id)
    first = _first(request.query_text("from"), today=today_at(request.now, zone=office.zone).date)
    others = [QueueThere(each.id, each.name, 0, office.id, office.name, office.code) for each in own]
    standing = WeekOnPage(office, queue, rules, others, 0)
    week = week_on(rules, day=first)
    form = WeekForm(data={"valid_from": first, "valid_to": last_day_of(rules, day=first), "goes_back": True})
    _offer(form, standing)
    return _render(standing, form=with_week(form, week), grid=grid_of(week), base=first, request=request)


async def change(request: PageRequest, backend: Backend) -> PageResponse:
    """Show what a week comes to, and save it; its other buttons only change what stands in the form."""
    form, grid = WeekForm(formdata=None), grid_sent(request.form)
    standing = await backend.read(_standing, request)
    base = _first(request.form_text("base"), today=today_at(request.now, zone=standing.office.zone).date)
    _offer(form, standing)
    form.process(request.form)
    if changes_the_form(request, grid):
        return _render(standing, form=form, grid=grid, base=base, request=request)
    if not (form.validate() & is_valid(grid)) or not is_in_order(grid):
        return _render(standing, form=form, grid=grid, base=base, request=request, status=422)
    form.also.data = list(dict.fromkeys([*form.also.data, *_found_by_code(request, standing)]))
    week = week_in(grid)
    with_week(form, week)
    queue_ids = [standing.queue.id, *map(int, form.also.data)]
    seen = _sign(week, form, standing=standing)

    def act(session: WriteSession) -> None:
        _office, queue = queue_in_reach(session, request)
        form.require_unchanged(
            session,
            subject=f"queue:{queue.id}",
            present=lambda: with_week(WeekForm(), week_on(capacity.rules_of(session, queue_id=queue.id), day=base)),
        )
        set_week(
            session,
            queue_ids=queue_ids,
            week=week,
            from_day=form.valid_from.data,
            to_day=form.valid_to.data,
            goes_back=form.goes_back.data,
            is_sure=form.is_meant.data or not is_asked_for,
            actor=request.actor,
            now=request.now,
        )

    is_asked_for = request.form_text("do") == "save" and request.form_text("seen") == seen
    intended = IntendedChange(
        kind=ChangeKind.RULE,
        subject=f"queue:{standing.queue.id}",
        reach=Reach(queue_id=standing.queue.id, queue_ids=tuple(queue_ids[1:])),
        act=act,
    )
    outlook: WeekOutlook | None = None
    status = 422
    try:
        if is_asked_for:
            back = f"/capacity/{standing.office.id}/queues/{standing.queue.id}"
            title = inline(standing.queue.name, CHANGES[ChangeKind.RULE])
            done = await ask_first(request, backend, intended, title=title, back=back)
            return done.redirect(back) if isinstance(done, MadeChange) else done
        await backend.write(foresee, intended=intended, queue_ids=queue_ids, actor=request.actor, now=request.now)
    except Foreseen as foreseen:
        chosen = [each for each in standing.others if str(each.id) in form.also.chosen]
        outlook = await backend.read(_outlook, standing, foreseen, week=week, first=form.valid_from.data, also=chosen)
        form.offices.raw_data, form.offices.data = [], None
        status = 200
    except ChangedMeanwhile:
        status = 409
    except NotPlausible as refusal:
        form.is_meant.add_error(refused(refusal))
    except HoursOutOfOrder as refusal:
        field_named(form, refusal.field).add_error(DATES.get(refusal.field, refused(refusal)))
    except OtherHoursPlanned as refusal:
        form.valid_to.add_error(_planned(refusal, standing))
    return _render(
        standing, form=form, grid=grid, base=base, request=request, outlook=outlook, seen=seen, status=status
    )


def _outlook(
    session: ReadSession,
    standing: WeekOnPage,
    foreseen: Foreseen,
    *,
    week: Week,
    first: date,
    also: Sequence[QueueThere],
) -> WeekOutlook:
    before = week_on(standing.rules, day=first)
    rules = rules_by_queue(session, queue_ids=[each.id for each in also]) if also else {}
    beside = [(each, week_on(rules.get(each.id, ()), day=first).places) for each in also]
    return outlook_of(session, foreseen, office=standing.office, before=before, after=week, also=beside)


def changes_the_form(request: PageRequest, grid: Grid) -> bool:
    """Do what a button of a day asks: one range more or less, or the same hours on other days."""
    what, *at = request.form_text("do").split("-")
    numbers = [int(each) for each in at if each.isdecimal()]
    match what, numbers:
        case "more", [weekday] if weekday < len(grid):
            with_one_more(grid, weekday=weekday)
        case "less", [weekday, number] if weekday < len(grid):
            without(grid, weekday=weekday, number=number)
        case "copy", [weekday] if weekday < len(grid):
            ticked = request.form.getall(f"to{weekday}", [])
            days = [int(each) for each in map(str, ticked) if each.isdecimal() and int(each) < len(grid)]
            copied(grid, weekday=weekday, to=days)
        case _:
            return False
    return True


def is_in_order(grid: Grid) -> bool:
    """Whether the hours of each day can hold; what cannot is named at its field."""
    faults = week_in(grid).faults()
    for at, each in at_range(grid):
        if (fault := faults.get(at)) is not None:
            name, reason = RANGE_FAULTS[fault]
            field_named(each, name).add_error(reason)
    return not faults


def _standing(session: ReadSession, request: PageRequest) -> WeekOnPage:
    office, queue, own = _place(session, request)
    ticked = {int(each) for each in map(str, request.form.getall("also", [])) if each.isdecimal() and len(each) < 16}
    found = queues_there(
        session,
        scope=request.scope,
        queue_ids={queue.id, *(each.id for each in own), *sorted(ticked)[:AT_ONCE]},
        codes=_codes(request),
        service_ids=queue.service_ids,
    )
    others = [each for each in found if each.id != queue.id]
    rules = capacity.rules_of(session, queue_id=queue.id)
    version = next((each.rule_version for each in found if each.id == queue.id), 0)
    return WeekOnPage(office, queue, rules, others[: 2 * AT_ONCE], version)


def _place(session: ReadSession, request: PageRequest) -> tuple[OfficeRow, QueueRow, list[QueueRow]]:
    """The office and queue of the address, and the other queues of the office; raises OutOfReach."""
    office = office_in_reach(session, request)
    rows = capacity.queues_of(session, office_id=office.id)
    queue = next((each for each in rows if each.id == request.path["queue"]), None)
    if queue is None:
        raise OutOfReach
    return office, queue, [each for each in rows if each.id != queue.id]


def _codes(request: PageRequest) -> list[str]:
    return _CODE.findall(request.form_text("offices"))[:AT_ONCE]


def _found_by_code(request: PageRequest, standing: WeekOnPage) -> list[str]:
    codes = set(_codes(request))
    return [str(each.id) for each in standing.others if each.office_code in codes]


def _offer(form: WeekForm, standing: WeekOnPage) -> None:
    form.also.options = [(str(each.id), _named(each, standing)) for each in standing.others]


def _named(queue: QueueThere, standing: WeekOnPage) -> Param:
    if queue.office_id == standing.office.id:
        return queue.name
    return inline(queue.name, queue.office_name, queue.office_code)


def _planned(refusal: OtherHoursPlanned, standing: WeekOnPage) -> Text:
    day = FullDay(LocalDay(refusal.day))
    other = next((each for each in standing.others if each.id == refusal.queue_id), None)
    if other is None:
        return _("Other hours are planned from {day} on. Choose a last day before that.", day=day)
    return _(
        "At {queue} other hours are planned from {day} on. Choose a last day before that, or leave it out.",
        queue=_named(other, standing),
        day=day,
    )


def _sign(week: Week, form: WeekForm, *, standing: WeekOnPage) -> str:
    """A hash of all that the figures were computed from; another one means that they have to be shown anew."""
    versions = {str(each.id): each.rule_version for each in standing.others}
    told = [
        repr(week),
        *(f"{form[name].data}" for name in ("valid_from", "valid_to", "goes_back")),
        *(f"{each}:{versions.get(each)}" for each in sorted(form.also.data)),
        str(standing.version),
    ]
    return sha256("\n".join(told).encode()).hexdigest()[:24]


def _first(typed: str, *, today: date) -> date:
    """The first day of a change: of the address or form, today at the earliest."""
    return max(read_date(typed) or today, today)


def _render(
    standing: WeekOnPage,
    *,
    form: WeekForm,
    grid: Grid,
    base: date,
    request: PageRequest,
    outlook: WeekOutlook | None = None,
    seen: str = "",
    status: int = 200,
) -> Render:
    doubts = {}
    if outlook is not None or form.is_meant.reasons:
        found = week_in(grid).doubts()
        doubts = {each.opens.name: [DOUBTS[doubt] for doubt in found.get(at, ())] for at, each in at_range(grid)}
    values = {
        "form": form,
        "ranges": fields_of(grid),
        "grid": grid,
        "names": NAMES,
        "doubts": doubts,
        "has_doubts": any(doubts.values()),
        "office": standing.office,
        "queue": standing.queue,
        "one_for_all": one_for_all(standing.queue),
        "base": base,
        "ahead": [LocalDay(day) for day in weeks_ahead(standing.rules, after=base)],
        "may_reach_others": request.scope.covers(standing.office.node.area),
        "outlook": outlook,
        "seen": seen,
    }
    return Render(template="capacity/week.html", values=values, status=status)
