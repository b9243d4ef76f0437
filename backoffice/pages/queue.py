"""One queue: its weekly hours, each change of which brings the coming days into line at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backoffice.access import OutOfReach
from backoffice.consequences import Done, ask_first
from backoffice.days import today_at
from backoffice.exchange import Ask, Desk, Reply, Show
from backoffice.forms.capacity import QueueForm, RuleForm
from backoffice.forms.fields import TwoLanguages, entry_named
from backoffice.pages.capacity import fill, may_write, queue_form, queue_in_reach, save_queue
from backoffice.wording import CHANGES, refused
from desk.capacity import actions
from desk.capacity import queries as capacity
from desk.capacity.refusals import HoursOutOfOrder, HoursOverlap
from desk.capacity.rows import RuleRow
from desk.consequences.actions import Deed
from desk.consequences.hit import Reach
from desk.consequences.rules import Kind
from desk.language import vocabulary
from desk.language.text import Text, words
from desk.storage.base import ReadSession, WriteSession

_ = words("capacity")


@dataclass(frozen=True, slots=True)
class Hours:
    """The rules of one weekday."""

    weekday: Text
    rules: tuple[RuleRow, ...]


USUAL = {"counters": 1, "minutes_per_person": 15, "opens": 8 * 60, "closes": 14 * 60}
"""What the form for new hours begins with."""

FIELDS = {
    "closes": _("The office has to open before it closes."),
    "minutes_per_person": _("One person needs more time than the office is open."),
    "valid_to": _("The last day lies before the first."),
}


def page(session: ReadSession, ask: Ask) -> Reply:
    """The weekly hours, with the form for more of them."""
    return _page(session, ask, form=None, rule_id=None)


def edit_queue(session: ReadSession, ask: Ask) -> Reply:
    """The form for the queue's name and services."""
    office, queue = queue_in_reach(session, ask)
    form = QueueForm(
        data={
            **TwoLanguages.values("name", queue.name),
            "services": [str(each) for each in queue.service_ids],
            "is_active": queue.is_active,
        }
    )
    return queue_form(session, ask, form=form, queue=queue.id, office=office)


async def change_queue(ask: Ask, desk: Desk) -> Reply:
    """Change the queue's name and services."""
    await desk.read(queue_in_reach, ask)
    return await save_queue(ask, desk, queue_id=ask.path["queue"])


async def add_rules(ask: Ask, desk: Desk) -> Reply:
    """Write the same hours for every weekday that was ticked."""
    form = RuleForm(ask.form)
    return await _save(ask, desk, form=form, rule_id=None)


def edit_rule(session: ReadSession, ask: Ask) -> Reply:
    """The form with the hours of one rule."""
    queue_in_reach(session, ask)
    rule = _rule_in_reach(session, ask)
    data = {name: getattr(rule, name) for name in ("opens", "closes", "counters", "minutes_per_person")}
    dates = {"valid_from": rule.valid_from, "valid_to": rule.valid_to}
    form = RuleForm(data={"weekdays": [str(rule.weekday)], **data, **dates})
    return _rule_page(ask, form=form, rule=rule, status=200)


async def change_rule(ask: Ask, desk: Desk) -> Reply:
    """Change the hours of one rule."""
    form = RuleForm(ask.form)
    return await _save(ask, desk, form=form, rule_id=ask.path["rule"])


async def delete_rule(ask: Ask, desk: Desk) -> Reply:
    """Take a rule out; whose turns are hit is shown first."""

    def act(session: WriteSession) -> None:
        office, queue = queue_in_reach(session, ask)
        _rule_in_reach(session, ask)
        actions.delete_rule(session, rule_id=ask.path["rule"], staff_id=ask.staff.staff_id, now=ask.now)
        fill(session, ask, office=office, queue_id=queue.id)

    return await _through_the_sheet(ask, desk, act, notice="deleted")


async def _save(ask: Ask, desk: Desk, *, form: RuleForm, rule_id: int | None) -> Reply:
    if not form.validate():
        return await desk.read(_page, ask, form=form, rule_id=rule_id, status=422)

    def act(session: WriteSession) -> None:
        office, queue = queue_in_reach(session, ask)
        if rule_id is not None:
            _rule_in_reach(session, ask)
        for number, weekday in enumerate(form.weekdays.data):
            actions.save_rule(
                session,
                rule_id=rule_id if number == 0 else None,
                queue_id=queue.id,
                weekday=int(weekday),
                opens=form.opens.data,
                closes=form.closes.data,
                minutes_per_person=form.minutes_per_person.data,
                counters=form.counters.data,
                valid_from=form.valid_from.data,
                valid_to=form.valid_to.data,
                staff_id=ask.staff.staff_id,
                now=ask.now,
            )
        fill(session, ask, office=office, queue_id=queue.id)

    try:
        return await _through_the_sheet(ask, desk, act, notice="saved")
    except HoursOutOfOrder as refusal:
        name = refusal.field if refusal.field in FIELDS else "closes"
        entry_named(form, name).complain(FIELDS.get(refusal.field, refused(refusal)))
        return await desk.read(_page, ask, form=form, rule_id=rule_id, status=422)
    except HoursOverlap as refusal:
        form.opens.complain(refused(refusal))
        return await desk.read(_page, ask, form=form, rule_id=rule_id, status=422)


async def _through_the_sheet(ask: Ask, desk: Desk, act: Callable[[WriteSession], None], *, notice: str) -> Reply:
    queue = ask.path["queue"]
    deed = Deed(kind=Kind.RULE, subject=f"queue:{queue}", reach=Reach(queue_id=queue), act=act)
    done = await ask_first(ask, desk, deed, title=CHANGES[Kind.RULE], back=_address(ask))
    return done.go(_address(ask), notice=notice) if isinstance(done, Done) else done


def _page(session: ReadSession, ask: Ask, *, form: RuleForm | None, rule_id: int | None, status: int = 200) -> Reply:
    office, queue = queue_in_reach(session, ask)
    rules = capacity.rules_of(session, queue_id=queue.id)
    if form is None:
        today = today_at(ask.now, zone=office.zone).date
        form = RuleForm(data={**USUAL, "valid_from": today})
    rule = next((each for each in rules if each.id == rule_id), None)
    if rule is not None:
        return _rule_page(ask, form=form, rule=rule, status=status)
    values = {
        "form": form,
        "office": office,
        "queue": queue,
        "hours": _by_weekday(rules),
        "may_write": may_write(ask, office),
        "tab": "rules",
    }
    return Show(template="capacity/queue.html", values=values, status=status)


def _rule_page(ask: Ask, *, form: RuleForm, rule: RuleRow, status: int) -> Reply:
    weekday = vocabulary.weekday(rule.weekday)
    values = {"form": form, "rule": rule, "office_id": ask.path["office"], "weekday": weekday}
    return Show(template="capacity/rule.html", values=values, status=status)


def _by_weekday(rules: Sequence[RuleRow]) -> list[Hours]:
    return [Hours(vocabulary.weekday(day), tuple(rule for rule in rules if rule.weekday == day)) for day in range(7)]


def _rule_in_reach(session: ReadSession | WriteSession, ask: Ask) -> RuleRow:
    found = [row for row in capacity.rules_of(session, queue_id=ask.path["queue"]) if row.id == ask.path["rule"]]
    if not found:
        raise OutOfReach
    return found[0]


def _address(ask: Ask) -> str:
    return f"/capacity/{ask.path['office']}/queues/{ask.path['queue']}"
