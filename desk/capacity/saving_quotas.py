"""The action that says how many people a day a queue takes for each of its services; nobody loses an appointment by it.

What is booked or kept already is counted by the subjects that know of it, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.calendar import local_day_of
from desk.capacity.asking import require_queue
from desk.capacity.bookable import links, services
from desk.capacity.freed import places_freed
from desk.capacity.quotas import quota_days
from desk.capacity.refusals import QuotaOutOfOrder
from desk.capacity.standing_rules import keep_queue
from desk.events import actions as events
from desk.events.rules import plain
from desk.language.text import Localised
from desk.storage.base import WriteSession

MOST_A_DAY = 999
QUOTA_SET = "quota.set"
"""The event; its value `quota` is the id of the service and how many people a day (None = no quota)."""
_OF_QUEUE = (
    select(services.c.id, services.c.short_title, links.c.most_a_day, services.c.is_per_household)
    .join_from(links, services, services.c.id == links.c.service_id)
    .where(links.c.queue_id == bindparam("queue"), links.c.is_active.is_(True))
    .order_by(services.c.position, services.c.id)
)
_SET = (
    update(links)
    .where(links.c.queue_id == bindparam("queue"), links.c.service_id == bindparam("service"))
    .values(most_a_day=bindparam("most", type_=links.c.most_a_day.type))
)
_TAKEN_DAYS = (
    select(quota_days.c.day, quota_days.c.taken)
    .where(
        quota_days.c.queue_id == bindparam("queue"),
        quota_days.c.service_id == bindparam("service"),
        quota_days.c.day >= bindparam("today", type_=quota_days.c.day.type),
        quota_days.c.taken > 0,
    )
    .order_by(quota_days.c.day)
)


@dataclass(frozen=True, slots=True)
class Quota:
    """How many people a day a queue takes for a service; None = as many as there are places."""

    service_id: int
    title: Localised
    most_a_day: int | None
    is_per_household: bool = False
    """Whether a household takes one place, and so counts as one."""


@dataclass(frozen=True, slots=True)
class TakenDay:
    """A day on which something of a quota is taken: booked, held for somebody, or on offer."""

    day: date
    taken: int


def quotas_of(session: Session, *, queue_id: int) -> list[Quota]:
    """The services that the queue gives, each with its quota."""
    return [Quota(*row) for row in session.execute(_OF_QUEUE, {"queue": queue_id})]


def taken_days(session: Session, *, queue_id: int, service_id: int, today: date) -> list[TakenDay]:
    """The days from today on that have something taken of the quota of the service; [] where it has none."""
    asked = {"queue": queue_id, "service": service_id, "today": today}
    return [TakenDay(row.day, row.taken) for row in session.execute(_TAKEN_DAYS, asked)]


def set_quotas(
    session: WriteSession, *, queue_id: int, quotas: Mapping[int, int | None], actor: Actor, now: datetime
) -> None:
    """Take at most so many people a day for each of these services of the queue, from now on; None = no quota.

    Nobody loses an appointment where a day has more already: it takes nobody more for the service. Where a quota rises
    or ends, those who wait are looked for among what is free.
    Raises OutOfReach, QuotaOutOfOrder, and LookupError for a service that the queue does not give.
    """
    office_id = require_queue(session, actor, queue_id=queue_id)
    zone = keep_queue(session, queue_id)
    before = {each.service_id: each for each in quotas_of(session, queue_id=queue_id)}
    for service_id, most in sorted(quotas.items()):
        if service_id not in before:
            raise LookupError(f"queue {queue_id} does not give {service_id}")
        if most is not None and not 1 <= most <= MOST_A_DAY:
            raise QuotaOutOfOrder(service_id=service_id, most=MOST_A_DAY)
        was = before[service_id].most_a_day
        if was == most:
            continue
        session.connection().execute(_SET, {"queue": queue_id, "service": service_id, "most": most})
        _note(session, before[service_id], queue_id=queue_id, office_id=office_id, most=most, actor=actor, now=now)
        is_more = was is not None and (most is None or most > was)
        if is_more:
            today = local_day_of(now, zone=zone).date
            for each in taken_days(session, queue_id=queue_id, service_id=service_id, today=today):
                if was is not None and each.taken >= was:
                    places_freed(session, queue_id=queue_id, office_id=office_id, day=each.day)


def _note(
    session: WriteSession, quota: Quota, *, queue_id: int, office_id: int, most: int | None, actor: Actor, now: datetime
) -> None:
    data: dict[str, Any] = {"service": plain(quota.title)}
    events.note(
        session,
        actor=actor,
        kind=QUOTA_SET,
        subject=f"queue:{queue_id}",
        office_id=office_id,
        old={"quota": [quota.service_id, quota.most_a_day]},
        new={"quota": [quota.service_id, most]},
        data=data,
        now=now,
    )
