"""A week for several queues on both databases: one transaction, all or none, while others book and change too."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desk.acting import SYSTEM
from desk.capacity.actions import set_week
from desk.capacity.models import OpeningRule, Queue
from desk.capacity.planned_hours import Hours
from desk.capacity.queries import rules_of
from desk.capacity.refusals import OtherHoursPlanned
from desk.capacity.weeks import Week, week_on
from desk.consequences.actions import IntendedChange
from desk.consequences.foreseeing import Foreseen, foresee
from desk.consequences.hit import Reach
from desk.consequences.rules import ChangeKind
from desk.storage.base import ReadSession, WriteSession
from desk.storage.engine import Storage
from desk.verify import verify
from tests.makers import NOW, TODAY, make_office, make_queue, make_service
from tests.makers_hours import make_rule

STAFF: dict[str, Any] = {"actor": SYSTEM, "now": NOW}
TOMORROW = TODAY + timedelta(days=1)


def week(*hours: Hours) -> Week:
    """These hours from Saturday to Wednesday."""
    return Week((hours,) * 5 + ((),) * 2)


MORNINGS, SPLIT = week(Hours(480, 720, 15, 2)), week(Hours(480, 720, 15, 2), Hours(780, 960, 20, 1))


def three_queues(session: WriteSession) -> list[int]:
    service = make_service(session)
    codes = ("72-3301", "72-3302", "72-3303")
    return [make_queue(session, office=make_office(session, code=code), services=[service]).id for code in codes]


def weeks(session: ReadSession) -> list[Week]:
    """The week of each queue, tomorrow."""
    ids = session.scalars(select(Queue.id).order_by(Queue.id)).all()
    return [week_on(rules_of(session, queue_id=id), day=TOMORROW) for id in ids]


async def test_rivals_that_set_other_weeks_for_the_same_queues_leave_one_of_them_whole(storage: Storage) -> None:
    queues = await storage.write(three_queues)

    await asyncio.gather(
        *(
            storage.write(set_week, queue_ids=order, week=each, from_day=TODAY, **STAFF)
            for order, each in ((queues, MORNINGS), (queues[::-1], SPLIT), (queues[1:], MORNINGS), (queues, SPLIT))
        )
    )

    assert set(await storage.read(weeks)) <= {MORNINGS, SPLIT}
    assert await storage.read(verify) == []


async def test_where_one_queue_has_other_plans_none_takes_the_week(storage: Storage) -> None:
    queues = await storage.write(three_queues)

    def plan(session: WriteSession) -> None:
        make_rule(session, queue=session.get_one(Queue, queues[2]), valid_from=TODAY + timedelta(days=20))

    await storage.write(plan)
    with pytest.raises(OtherHoursPlanned) as refused:
        await storage.write(set_week, queue_ids=queues, week=MORNINGS, from_day=TODAY, **STAFF)

    def rules(session: ReadSession) -> list[int]:
        return list(session.scalars(select(OpeningRule.queue_id)))

    assert (refused.value.queue_id, await storage.read(rules)) == (queues[2], [queues[2]])


async def test_what_is_foreseen_leaves_no_trace(storage: Storage) -> None:
    queues = await storage.write(three_queues)

    def act(session: WriteSession) -> None:
        set_week(session, queue_ids=queues, week=SPLIT, from_day=TODAY, **STAFF)

    reach = Reach(queue_id=queues[0], queue_ids=tuple(queues[1:]))
    intended = IntendedChange(kind=ChangeKind.RULE, subject=f"queue:{queues[0]}", reach=reach, act=act)
    with pytest.raises(Foreseen) as seen:
        await storage.write(foresee, intended=intended, queue_ids=queues, **STAFF)

    assert sorted(seen.value.days.values()) == [(None, 0)] * 3
    assert await storage.read(weeks) == [week()] * 3
    await storage.write(act)
    assert await storage.read(weeks) == [SPLIT] * 3
