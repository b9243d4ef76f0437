"""Saving one opening rule as it stands, by what the pages do: its hours are set, in the place of those it had."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, update

from desk.acting import Actor
from desk.capacity.actions import Hours, set_hours
from desk.capacity.models import OpeningRule
from desk.storage.base import WriteSession


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
