"""The page of a queue's weekly hours; they are changed on the page of the whole week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from backoffice.capacity.queues import form_of, may_write, one_for_all, queue_form, queue_in_reach, save_queue
from backoffice.forms.days import today_at
from backoffice.web.http import Backend, PageRequest, PageResponse, Redirect, Render
from desk.capacity import approval
from desk.capacity import queries as capacity
from desk.capacity.actions import Hours
from desk.capacity.rows import RuleRow
from desk.language import vocabulary
from desk.language.text import Text
from desk.staff.permissions import Permission
from desk.storage.base import ReadSession


@dataclass(frozen=True, slots=True)
class HoursOfRule:
    """Hours of one weekday, with their places per day and the first day on which the week with them can be changed."""

    rule: RuleRow
    places: int
    from_day: date


@dataclass(frozen=True, slots=True)
class WeekdayRules:
    """The hours of one weekday; those that are planned for later stand behind those of today."""

    weekday: Text
    rules: tuple[HoursOfRule, ...]


def page(session: ReadSession, request: PageRequest) -> PageResponse:
    """The weekly hours, with the way to change the week that holds each."""
    office, queue = queue_in_reach(session, request)
    rules = capacity.rules_of(session, queue_id=queue.id)
    is_above = request.staff.scope(Permission.CAPACITY_WRITE).covers(office.node.area)
    may = may_write(request, office)
    needs = not is_above and may and approval.is_needed(session, at=office.node)
    values = {
        "office": office,
        "queue": queue,
        "hours": _by_weekday(rules, today=today_at(request.now, zone=office.zone).date),
        "may_write": may,
        "may_set_hours": may and not needs,
        "needs_approval": needs,
        "one_for_all": one_for_all(queue),
        "tab": "rules",
    }
    return Render(template="capacity/queue.html", values=values)


def to_the_week(session: ReadSession, request: PageRequest) -> PageResponse:
    """Where single hours had pages of their own: the week that holds them, or that of today."""
    office, queue = queue_in_reach(session, request)
    week = f"/capacity/{office.id}/queues/{queue.id}/week"
    rules = capacity.rules_of(session, queue_id=queue.id)
    rule = next((row for row in rules if row.id == request.path.get("rule")), None)
    today = today_at(request.now, zone=office.zone).date
    return Redirect(to=week if rule is None else f"{week}?from={max(rule.valid_from, today).isoformat()}")


def edit_queue(session: ReadSession, request: PageRequest) -> PageResponse:
    """The form for the queue's name and services."""
    office, queue = queue_in_reach(session, request)
    return queue_form(session, request, form=form_of(queue), queue=queue.id, office=office)


async def change_queue(request: PageRequest, backend: Backend) -> PageResponse:
    """Change the queue's name and services."""
    await backend.read(queue_in_reach, request)
    return await save_queue(request, backend, queue_id=request.path["queue"])


def _by_weekday(rules: Sequence[RuleRow], *, today: date) -> list[WeekdayRules]:
    return [
        WeekdayRules(
            vocabulary.weekday(day),
            tuple(
                HoursOfRule(rule, _hours_of(rule).places, max(rule.valid_from, today))
                for rule in rules
                if rule.weekday == day
            ),
        )
        for day in range(7)
    ]


def _hours_of(rule: RuleRow) -> Hours:
    return Hours(rule.opens, rule.closes, rule.minutes_per_person, rule.counters)
