"""The action on the whole week of one queue or several; the days ahead follow in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from desk.acting import Actor
from desk.calendar import local_day_of
from desk.capacity.approval import require_approved
from desk.capacity.asking import require_queue
from desk.capacity.models import OpeningRule
from desk.capacity.planning import refill
from desk.capacity.standing_rules import end_rule, keep_queue, standing_rules, write_rule
from desk.capacity.weeks import DAYS_OF_A_WEEK, Week, plan_week, week_on
from desk.events import actions as events
from desk.events.rules import Data, plain
from desk.storage.base import WriteSession


def set_week(
    session: WriteSession,
    *,
    queue_ids: Sequence[int],
    week: Week,
    from_day: date,
    to_day: date | None = None,
    goes_back: bool = False,
    is_sure: bool = False,
    actor: Actor,
    now: datetime,
) -> tuple[int, ...]:
    """Let this week hold at these queues, all or none, and return the ids of those it changed.

    From `from_day` to `to_day`, None = from then on; with `goes_back` the hours of before hold again after it. Hours
    that stand already stay as they are. Raises as `plan_week` does, OutOfReach, and HoursNeedApproval.
    """
    changed = []
    for queue_id in sorted(set(queue_ids)):  # in one order, so that two of these never wait for each other
        office_id = require_queue(session, actor, queue_id=queue_id)
        require_approved(session, actor, office_id=office_id)
        zone = keep_queue(session, queue_id)
        rules = standing_rules(session, queue_id)
        before = week_on(rules, day=from_day)
        plan = plan_week(
            rules,
            week=week,
            from_day=from_day,
            to_day=to_day,
            goes_back=goes_back,
            today=local_day_of(now, zone=zone).date,
            is_sure=is_sure,
        )
        if plan.is_nothing:
            continue
        again: list[OpeningRule] = []
        for rule in plan.ended:
            again += end_rule(session, rule, from_day=from_day, to_day=to_day, goes_back=goes_back)
        for rule, last_day in plan.kept:
            rule.valid_to = last_day
        session.flush()
        for weekday, hours in plan.made:
            made = OpeningRule(queue_id=queue_id)
            write_rule(session, made, weekday=weekday, hours=hours, valid_from=from_day, valid_to=to_day)
        session.add_all(again)
        session.flush()
        refill(session, queue_id=queue_id, now=now)
        events.note(
            session,
            actor=actor,
            kind="week.save",
            subject=f"queue:{queue_id}",
            office_id=office_id,
            old=told(before),
            new=told(week),
            data={
                "valid_from": plain(from_day),
                "valid_to": plain(to_day),
                "places": [before.places, week.places],
            },
            now=now,
        )
        changed.append(queue_id)
    return tuple(changed)


def told(week: Week) -> Data:
    """A week as the history keeps it: by weekday its ranges of opening, closing, minutes for each person, counters."""
    return {
        str(weekday): [
            [each.opens, each.closes, each.minutes_per_person, each.counters] for each in sorted(week.days[weekday])
        ]
        for weekday in range(DAYS_OF_A_WEEK)
    }
