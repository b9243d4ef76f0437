"""The actions on the weekly hours of a queue; the days ahead follow in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from desk.acting import Actor
from desk.calendar import local_day_of
from desk.capacity.approval import require_approved
from desk.capacity.asking import require_queue
from desk.capacity.models import OpeningRule
from desk.capacity.planned_hours import Hours, plan_hours
from desk.capacity.planning import refill
from desk.capacity.standing_rules import end_rule, keep_queue, standing_rules, write_rule
from desk.events import actions as events
from desk.events.rules import plain
from desk.storage.base import WriteSession

RULE = ("weekday", "opens", "closes", "minutes_per_person", "counters", "valid_from", "valid_to")
"""The values of an opening rule that the history keeps."""


def set_hours(
    session: WriteSession,
    *,
    queue_id: int,
    weekdays: Sequence[int],
    hours: Hours,
    from_day: date,
    to_day: date | None = None,
    instead_of: tuple[int, int] | None = None,
    goes_back: bool = False,
    is_sure: bool = False,
    actor: Actor,
    now: datetime,
) -> list[int]:
    """Set these hours on these weekdays from a day on, and return the ids of the new rules.

    With `instead_of` (opens, closes) the rules that cover that time of day end the day before `from_day`; with
    `goes_back` they hold again after `to_day`. A rule planned for a later day is never changed in passing: it raises
    HoursOverlap, like any other rule that overlaps.
    Raises HoursOutOfOrder (also for a change that would begin in the past), OutOfReach, HoursNeedApproval, and
    NotPlausible unless `is_sure`.
    """
    office_id = require_queue(session, actor, queue_id=queue_id)
    require_approved(session, actor, office_id=office_id)
    zone = keep_queue(session, queue_id)
    ended = plan_hours(
        standing_rules(session, queue_id),
        weekdays=weekdays,
        hours=hours,
        from_day=from_day,
        to_day=to_day,
        instead_of=instead_of,
        today=local_day_of(now, zone=zone).date,
        is_sure=is_sure,
    )
    tails: list[OpeningRule] = []
    for rule in ended:
        tails += end_rule(session, rule, from_day=from_day, to_day=to_day, goes_back=goes_back)
    session.flush()
    made: list[int] = []
    for weekday in dict.fromkeys(weekdays):
        rule = OpeningRule(queue_id=queue_id)
        write_rule(session, rule, weekday=weekday, hours=hours, valid_from=from_day, valid_to=to_day)
        made.append(rule.id)
    session.add_all(tails)
    session.flush()
    refill(session, queue_id=queue_id, now=now)
    events.note(
        session,
        actor=actor,
        kind="rule.save" if instead_of is None else "rule.change",
        subject=f"queue:{queue_id}",
        office_id=office_id,
        old=dict(zip(("opens", "closes"), instead_of, strict=True)) if instead_of else None,
        new={**hours.values(), "valid_from": plain(from_day), "valid_to": plain(to_day)},
        data={"weekdays": list(weekdays)},
        now=now,
    )
    return made
