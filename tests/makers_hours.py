"""Opening hours for tests: a ready-made row, and one rule saved as the pages do it, in the place of the one it was."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.capacity.actions import Hours, set_hours
from desk.capacity.models import OpeningRule, Queue
from desk.capacity.planning import refill
from desk.storage.base import WriteSession


def make_rule(
    session: Session,
    *,
    queue: Queue,
    weekday: int = 0,
    opens: int = 8 * 60,
    closes: int = 14 * 60,
    minutes_per_person: int = 15,
    counters: int = 2,
    valid_from: date = date(2026, 3, 21),
    valid_to: date | None = None,
) -> OpeningRule:
    """Saturdays 8:00-14:00, two counters, a quarter of an hour each."""
    rule = OpeningRule(
        queue_id=queue.id,
        weekday=weekday,
        opens=opens,
        closes=closes,
        minutes_per_person=minutes_per_person,
        counters=counters,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    session.add(rule)
    session.flush()
    return rule


def save_rule(
    session: WriteSession,
    *,
    rule_id: int | None = None,
    queue_id: int,
    weekday: int,
    opens: int,
    closes: int,
    minutes_per_person: int,
    counters: int,
    valid_from: date,
    valid_to: date | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Let these hours hold, instead of those of `rule_id` where it is given; which it keeps as its id."""
    if rule_id is not None:
        session.execute(delete(OpeningRule).where(OpeningRule.id == rule_id, OpeningRule.queue_id == queue_id))
    [made] = set_hours(
        session,
        queue_id=queue_id,
        weekdays=[weekday],
        hours=Hours(opens, closes, minutes_per_person, counters),
        from_day=valid_from,
        to_day=valid_to,
        is_sure=True,
        actor=actor,
        now=now,
    )
    if rule_id is None:
        return made
    session.expunge(session.get_one(OpeningRule, made))
    session.execute(update(OpeningRule).where(OpeningRule.id == made).values(id=rule_id))
    return rule_id


def take_rule_away(session: WriteSession, *, rule_id: int, now: datetime) -> None:
    """Let these hours hold no more; the slots of their queue follow."""
    rule = session.get_one(OpeningRule, rule_id)
    session.delete(rule)
    session.flush()
    refill(session, queue_id=rule.queue_id, now=now)
