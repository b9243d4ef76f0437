"""Gives a day to those who wait when an office opens it in its own way: fewer days ahead, or at another hour.

A day that opens for a service everywhere is found by looking through its requests (`desk.waiting.looking`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, exists, or_, select, update

from desk.calendar import local_day_of
from desk.capacity.bookable import GIVEN_HERE, LAST_OPEN, clauses, links, offices, queues, services, window
from desk.capacity.freed import places_freed
from desk.storage.base import WriteSession
from desk.waiting.keeping import IS_WAITING, requests
from desk.waiting.offer_rules import BEFORE_OPENING

_LAST = LAST_OPEN.label("last")
_OPENED = (
    select(*links.c["queue_id", "service_id", "opened_until"], queues.c.office_id, offices.c.zone, _LAST)
    .join_from(links, queues, queues.c.id == links.c.queue_id)
    .join(offices, offices.c.id == queues.c.office_id)
    .join(services, services.c.id == links.c.service_id)
    .where(
        or_(links.c.days_ahead.is_not(None), links.c.opens_at.is_not(None)),
        *clauses(GIVEN_HERE),
        exists().where(IS_WAITING, requests.c.service_id == links.c.service_id),
        or_(links.c.opened_until.is_(None), links.c.opened_until < LAST_OPEN),
    )
    .order_by(links.c.queue_id, links.c.service_id)
    .limit(bindparam("most", type_=Integer))
)
_GIVE = (
    update(links)
    .where(
        links.c.queue_id == bindparam("queue"),
        links.c.service_id == bindparam("service"),
        or_(links.c.opened_until.is_(None), links.c.opened_until < bindparam("last", type_=links.c.opened_until.type)),
    )
    .values(opened_until=bindparam("last", type_=links.c.opened_until.type))
)


def give_opened_days(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Keep what is free on the days that offices open, a moment before, for those who wait; how many queues.

    Of two processes at once one gives a day.
    """
    found = session.execute(_OPENED, {**window(now + BEFORE_OPENING), "most": limit}).all()
    for row in found:
        which = {"queue": row.queue_id, "service": row.service_id, "last": row.last}
        if session.connection().execute(_GIVE, which).rowcount != 1:
            continue
        today = local_day_of(now, zone=row.zone).date
        first = today if row.opened_until is None else max(today, row.opened_until + timedelta(days=1))
        for ahead in range((row.last - first).days + 1):
            day = first + timedelta(days=ahead)
            places_freed(session, queue_id=row.queue_id, office_id=row.office_id, day=day)
    return len(found)
