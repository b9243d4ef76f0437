"""The page of a queue's weekly hours; each change remakes the coming days at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from backoffice.capacity.forms import RuleForm
from backoffice.capacity.queues import form_of, may_write, queue_form, queue_in_reach, save_queue
from backoffice.capacity.wording import DATES, DOUBTS
from backoffice.consequences.asking_first import MadeChange, ask_first
from backoffice.consequences.wording import CHANGES
from backoffice.forms.days import today_at
from backoffice.forms.fields import field_named
from backoffice.forms.versions import MEANWHILE, ChangedMeanwhile
from backoffice.web.http import Backend, PageRequest, PageResponse, Render
from backoffice.wording import refused
from desk.acting import OutOfReach
from desk.capacity import actions, approval
from desk.capacity import queries as capacity
from desk.capacity.actions import Hours
from desk.capacity.planned_hours import plan_hours
from desk.capacity.refusals import HoursOutOfOrder, HoursOverlap, NotPlausible
from desk.capacity.rows import RuleRow
from desk.capacity.rules import doubts_about
from desk.consequences.actions import IntendedChange
from desk.consequences.hit import Reach
from desk.consequences.rules import ChangeKind
from desk.language import vocabulary
from desk.language.text import Param, Text, inline, words
from desk.offices.rows import OfficeRow
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession, WriteSession

_ = words("capacity")


@dataclass(frozen=True, slots=True)
class WeekdayRules:
    """The rules of one weekday, each with its places per day and its version."""

    weekday: Text
    rules: tuple[tuple[RuleRow, int, str], ...]


USUAL = {"counters": 1, "minutes_per_person": 15, "opens": 8 * 60, "closes": 14 * 60}
"""The initial values of the form for new hours."""

FIELDS = {
    "closes": _("The office has to open before it closes."),
    "minutes_per_person": _("One person needs more time than the office is open."),
    **DATES,
}

GONE = _("Somebody changed these hours or took them out meanwhile. What you wrote stands below as new hours.")


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The weekly hours, with the form for further ones."""
    return _page(session, request, form=None, rule_id=None)


def edit_queue(session: ReadSession, request: PageRequest) -> PageResponse:
    """The form for the queue's name and services."""
    office, queue = queue_in_reach(session, request)
    return queue_form(session, request, form=form_of(queue), queue=queue.id, office=office)


async def change_queue(request: PageRequest, backend: Backend) -> PageResponse:
    """Change the queue's name and services."""
    await backend.read(queue_in_reach, request)
    return await save_queue(request, backend, queue_id=request.path["queue"])


async def add_rules(request: PageRequest, backend: Backend) -> PageResponse:
    """Write the same hours for every weekday that was ticked."""
    return await _save(request, backend, form=RuleForm(request.form), rule=None)


def edit_rule(session: ReadSession, request: PageRequest) -> PageResponse:
    """The form to change these hours from a day on, on all weekdays that share them."""
    office, queue = queue_in_reach(session, request)
    rules = capacity.rules_of(session, queue_id=queue.id)
    rule = _of_address(rules, request)
    return _rule_page(request, form=_form_of(request, office=office, rules=rules, rule=rule), rule=rule, status=200)


def _form_of(request: PageRequest, *, office: OfficeRow, rules: Sequence[RuleRow], rule: RuleRow) -> RuleForm:
    alike = [
        each
        for each in rules
        if _hours_of(each) == _hours_of(rule) and (each.valid_from, each.valid_to) == (rule.valid_from, rule.valid_to)
    ]
    begins = max(today_at(request.now, zone=office.zone).date, rule.valid_from)
    return RuleForm(
        data={
            "weekdays": [str(each.weekday) for each in alike],
            **_values_of(rule),
            "valid_from": begins,
            "goes_back": True,
        }
    )


def _values_of(rule: RuleRow) -> dict[str, Any]:
    """The values of a rule that its version covers."""
    return {**_hours_of(rule).values(), "valid_to": rule.valid_to}


async def change_rule(request: PageRequest, backend: Backend) -> PageResponse:
    """Change hours from a day on: the old ones end the day before.

    If somebody deleted them meanwhile, the input comes back as new hours.
    """

    def of_address(session: ReadSession) -> RuleRow | None:
        queue_in_reach(session, request)
        return _rule_of_address(session, request)

    form = RuleForm(request.form)
    rule = await backend.read(of_address)
    if rule is None:
        form.validate()
        return await backend.read(_page, request, form=form, rule_id=None, problem=GONE, status=409)
    return await _save(request, backend, form=form, rule=rule)


async def _title(request: PageRequest, backend: Backend) -> Param:
    _office, queue = await backend.read(queue_in_reach, request)
    return inline(queue.name, CHANGES[ChangeKind.RULE])


async def delete_rule(request: PageRequest, backend: Backend) -> PageResponse:
    """Delete a rule; affected appointments are shown first."""

    def act(session: WriteSession) -> None:
        _office, queue = queue_in_reach(session, request)
        press.require_unchanged(
            session,
            subject=f"queue:{queue.id}",
            present=lambda: RuleForm(data=_values_of(_rule_in_reach(session, request))),
        )
        _rule_in_reach(session, request)
        actions.delete_rule(session, rule_id=request.path["rule"], actor=request.actor, now=request.now)

    press = RuleForm(request.form)
    title = await _title(request, backend)
    try:
        done = await ask_first(request, backend, _deed(request, act), title=title, back=_address(request))
    except ChangedMeanwhile:
        return await backend.read(_page, request, form=None, rule_id=None, problem=MEANWHILE, status=409)
    return done.redirect(_address(request), notice="deleted") if isinstance(done, MadeChange) else done


async def _save(request: PageRequest, backend: Backend, *, form: RuleForm, rule: RuleRow | None) -> PageResponse:
    """First show a preview of the hours; the second press saves, after a confirmation where appointments are
    affected."""
    if not form.validate():
        return await backend.read(_page, request, form=form, rule_id=rule.id if rule else None, status=422)
    hours = Hours(form.opens.data, form.closes.data, form.minutes_per_person.data, form.counters.data)
    is_shown = bool(request.form.get("shown"))

    def act(session: WriteSession) -> None:
        office, queue = queue_in_reach(session, request)
        if rule is not None:

            def present() -> RuleForm:
                rules = capacity.rules_of(session, queue_id=queue.id)
                return _form_of(request, office=office, rules=rules, rule=_of_address(rules, request))

            form.require_unchanged(session, subject=f"queue:{queue.id}", present=present)
        actions.set_hours(
            session,
            queue_id=queue.id,
            weekdays=[int(weekday) for weekday in form.weekdays.data],
            hours=hours,
            from_day=form.valid_from.data,
            to_day=form.valid_to.data,
            instead_of=None if rule is None else (rule.opens, rule.closes),
            goes_back=rule is not None and form.goes_back.data,
            is_sure=form.is_meant.data,
            actor=request.actor,
            now=request.now,
        )

    try:
        if not is_shown:
            return await backend.read(_looked_at, request, form=form, hours=hours, rule=rule)
        done = await ask_first(
            request, backend, _deed(request, act), title=await _title(request, backend), back=_address(request)
        )
        return done.redirect(_address(request)) if isinstance(done, MadeChange) else done
    except ChangedMeanwhile:
        return await backend.read(_page, request, form=form, rule_id=rule.id if rule else None, status=409)
    except NotPlausible as refusal:
        form.is_meant.add_error(refused(refusal))
    except HoursOutOfOrder as refusal:
        name = refusal.field if refusal.field in FIELDS else "closes"
        field_named(form, name).add_error(FIELDS.get(refusal.field, refused(refusal)))
        return await backend.read(_page, request, form=form, rule_id=rule.id if rule else None, status=422)
    except HoursOverlap as refusal:
        form.opens.add_error(refused(refusal))
        return await backend.read(_page, request, form=form, rule_id=rule.id if rule else None, status=422)
    return await backend.read(_preview, request, form=form, hours=hours, rule=rule)


def _looked_at(
    session: ReadSession, request: PageRequest, *, form: RuleForm, hours: Hours, rule: RuleRow | None
) -> PageResponse:
    """The preview, computed from the present rules; raises what saving would raise."""
    office, queue = queue_in_reach(session, request)
    rules = capacity.rules_of(session, queue_id=queue.id)
    if rule is not None:
        form.compare(_form_of(request, office=office, rules=rules, rule=_of_address(rules, request)))
    plan_hours(
        rules,
        weekdays=[int(weekday) for weekday in form.weekdays.data],
        hours=hours,
        from_day=form.valid_from.data,
        to_day=form.valid_to.data,
        instead_of=None if rule is None else (rule.opens, rule.closes),
        today=today_at(request.now, zone=office.zone).date,
        is_sure=True,
    )
    return _preview(session, request, form=form, hours=hours, rule=rule)


def _preview(
    session: ReadSession, request: PageRequest, *, form: RuleForm, hours: Hours, rule: RuleRow | None
) -> PageResponse:
    """The preview of the hours before saving."""
    _office, queue = queue_in_reach(session, request)
    values = {
        "form": form,
        "queue": queue,
        "back": _address(request),
        "address": request.address,
        "weekdays": [vocabulary.weekday(int(day)) for day in form.weekdays.data],
        "hours": hours,
        "doubts": [DOUBTS[doubt] for doubt in doubts_about(**hours.values())],
        "old": rule if rule is not None and rule.valid_from < form.valid_from.data else None,
        "old_places": _hours_of(rule).places if rule else None,
        "ends": form.valid_from.data - timedelta(days=1),
        "again": [
            (name, str(value))
            for name, value in request.form.multi_items()
            if name not in ("_token", "_key", "is_meant", "shown")
        ],
    }
    return Render(template="capacity/rule_sure.html", values=values, status=422 if form.errors else 200)


def _deed(request: PageRequest, act: Callable[[WriteSession], None]) -> IntendedChange[None]:
    queue_id = request.path["queue"]
    return IntendedChange(kind=ChangeKind.RULE, subject=f"queue:{queue_id}", reach=Reach(queue_id=queue_id), act=act)


def _hours_of(rule: RuleRow) -> Hours:
    return Hours(rule.opens, rule.closes, rule.minutes_per_person, rule.counters)


def _page(
    session: ReadSession,
    request: PageRequest,
    *,
    form: RuleForm | None,
    rule_id: int | None,
    problem: Text | None = None,
    status: int = 200,
) -> PageResponse:
    office, queue = queue_in_reach(session, request)
    rules = capacity.rules_of(session, queue_id=queue.id)
    if form is None:
        today = today_at(request.now, zone=office.zone).date
        form = RuleForm(data={**USUAL, "valid_from": today})
    rule = next((each for each in rules if each.id == rule_id), None)
    if rule is not None:
        return _rule_page(request, form=form, rule=rule, status=status)
    is_above = request.staff.scope(Permission.CAPACITY_WRITE).covers(office.node.area)
    needs = not is_above and may_write(request, office) and approval.is_needed(session, at=office.node)
    values = {
        "form": form,
        "office": office,
        "queue": queue,
        "hours": _by_weekday(rules),
        "problem": problem,
        "may_write": may_write(request, office),
        "may_set_hours": may_write(request, office) and not needs,
        "needs_approval": needs,
        "tab": "rules",
    }
    return Render(template="capacity/queue.html", values=values, status=status)


def _rule_page(request: PageRequest, *, form: RuleForm, rule: RuleRow, status: int) -> PageResponse:
    weekday = vocabulary.weekday(rule.weekday)
    values = {"form": form, "rule": rule, "office_id": request.path["office"], "weekday": weekday}
    return Render(template="capacity/rule.html", values=values, status=status)


def _by_weekday(rules: Sequence[RuleRow]) -> list[WeekdayRules]:
    return [
        WeekdayRules(
            vocabulary.weekday(day),
            tuple(
                (rule, _hours_of(rule).places, RuleForm(data=_values_of(rule)).version)
                for rule in rules
                if rule.weekday == day
            ),
        )
        for day in range(7)
    ]


def _rule_in_reach(session: ReadSession | WriteSession, request: PageRequest) -> RuleRow:
    return _of_address(capacity.rules_of(session, queue_id=request.path["queue"]), request)


def _rule_of_address(session: ReadSession, request: PageRequest) -> RuleRow | None:
    rules = capacity.rules_of(session, queue_id=request.path["queue"])
    return next((row for row in rules if row.id == request.path["rule"]), None)


def _of_address(rules: Sequence[RuleRow], request: PageRequest) -> RuleRow:
    found = [row for row in rules if row.id == request.path["rule"]]
    if not found:
        raise OutOfReach
    return found[0]


def _address(request: PageRequest) -> str:
    return f"/capacity/{request.path['office']}/queues/{request.path['queue']}"
