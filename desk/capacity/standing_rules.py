"""The opening rules of a queue as rows: read under a lock, written, and ended, for the actions that have asked."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from desk.capacity.models import OpeningRule, Queue
from desk.capacity.planned_hours import Hours
from desk.offices.models import Office
from desk.storage.base import WriteSession

A_DAY = timedelta(days=1)


def keep_queue(session: WriteSession, queue_id: int) -> str:
    """Lock the queue until the transaction ends; returns the zone of its office. Raises LookupError."""
    zone = session.scalar(
        select(Office.zone)
        .join(Queue, Queue.office_id == Office.id)
        .where(Queue.id == queue_id)
        .with_for_update(of=Queue)
    )
    if zone is None:
        raise LookupError(f"no queue {queue_id}")
    return zone


def standing_rules(session: WriteSession, queue_id: int) -> list[OpeningRule]:
    """All opening rules of a queue."""
    return list(session.scalars(select(OpeningRule).where(OpeningRule.queue_id == queue_id)))


def write_rule(
    session: WriteSession, rule: OpeningRule, *, weekday: int, hours: Hours, valid_from: date, valid_to: date | None
) -> None:
    """Write these hours into a rule, new or not."""
    rule.weekday, rule.opens, rule.closes = weekday, hours.opens, hours.closes
    rule.minutes_per_person, rule.counters = hours.minutes_per_person, hours.counters
    rule.valid_from, rule.valid_to = valid_from, valid_to
    session.add(rule)
    session.flush()


def end_rule(
    session: WriteSession, rule: OpeningRule, *, from_day: date, to_day: date | None, goes_back: bool
) -> list[OpeningRule]:
    """End a rule the day before `from_day`; returns the parts that hold again after `to_day`, not yet added."""
    tail: list[OpeningRule] = []
    if goes_back and to_day is not None and (rule.valid_to is None or rule.valid_to > to_day):
        tail = [
            OpeningRule(
                queue_id=rule.queue_id,
                weekday=rule.weekday,
                opens=rule.opens,
                closes=rule.closes,
                minutes_per_person=rule.minutes_per_person,
                counters=rule.counters,
                valid_from=to_day + A_DAY,
                valid_to=rule.valid_to,
            )
        ]
    if rule.valid_from == from_day:
        session.delete(rule)
    else:
        rule.valid_to = from_day - A_DAY
    return tail
