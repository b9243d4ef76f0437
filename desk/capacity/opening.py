"""When the next day opens for booking, for a person who finds no time or asks for a later day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

from desk.capacity.bookable import (
    GIVEN_HERE,
    LAST_OPEN,
    OPENING,
    clauses,
    is_not_drawn,
    links,
    offices,
    queues,
    services,
    window,
    within_window,
)
from desk.capacity.models import Slot
from desk.capacity.quotas import has_room
from desk.capacity.rows import Opening
from desk.capacity.rules import opens_on
from desk.storage.upsert import table_of

_s = table_of(Slot).alias("s")

# Built once, as all statements of a conversation are.
_NEXT = (
    select(_s.c.day, offices.c.zone, *OPENING)
    .select_from(_s)
    .join(queues, queues.c.id == _s.c.queue_id)
    .join(offices, offices.c.id == queues.c.office_id)
    .join(links, links.c.queue_id == queues.c.id)
    .join(services, services.c.id == links.c.service_id)
    .where(
        links.c.service_id == bindparam("service"),
        queues.c.office_id == bindparam("office"),
        *clauses(GIVEN_HERE),
        *clauses(within_window(_s)),
        literal_column("s.is_open"),
        _s.c.day > LAST_OPEN,
        is_not_drawn(_s),
        has_room(_s.c.queue_id, links.c.service_id, _s.c.day),
        _s.c.day >= func.coalesce(bindparam("from_day", type_=Date), _s.c.day),
    )
    .order_by(_s.c.day)
    .limit(1)
)


def next_opening(
    session: Session, *, service_id: int, office_id: int, from_day: date | None = None, now: datetime
) -> Opening | None:
    """The first day, from `from_day` on, that has free places and is not open yet; None = there is none."""
    asked = {"service": service_id, "office": office_id, "from_day": from_day, **window(now)}
    found = session.execute(_NEXT, asked).one_or_none()
    if found is None:
        return None
    opens = opens_on(found.day, days_ahead=found.days_ahead, opens_at=found.opens_at, zone=found.zone)
    return Opening(day=found.day, opens=opens, zone=found.zone)
