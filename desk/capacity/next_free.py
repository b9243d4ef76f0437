"""Reads how many days the people of an office wait for the next free place of the services that some queues give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desk.calendar import local_day_of
from desk.capacity.bookable import GIVEN_HERE, clauses, links, offices, queues, services
from desk.capacity.free import FIRST, ahead


@dataclass(frozen=True, slots=True, order=True)
class ServiceHere:
    """A service at an office."""

    office_id: int
    service_id: int


_asked, _asked_links = queues.alias("asked"), links.alias("asked_links")
_ASKED = _asked.c.id.in_(bindparam("queues", expanding=True))
_OFFICES = select(_asked.c.office_id).where(_ASKED)
_SERVICES = (
    select(_asked_links.c.service_id)
    .join(_asked, _asked.c.id == _asked_links.c.queue_id)
    .where(_ASKED, _asked_links.c.is_active.is_(True))
)
_NEXT = (
    select(queues.c.office_id, links.c.service_id, offices.c.zone, FIRST.label("first"))
    .join(links, links.c.queue_id == queues.c.id)
    .join(offices, offices.c.id == queues.c.office_id)
    .join(services, services.c.id == links.c.service_id)
    .where(queues.c.office_id.in_(_OFFICES), links.c.service_id.in_(_SERVICES), *clauses(GIVEN_HERE))
)


def days_to_next_free(session: Session, *, queue_ids: Sequence[int], now: datetime) -> dict[ServiceHere, int | None]:
    """Days from today to the first free place, 0 = today, None = none in the booking window, as a chat finds it.

    For each service of these queues at their offices, whichever queue there gives it. One statement.
    """
    found: dict[ServiceHere, int | None] = {}
    for row in session.execute(_NEXT, {"queues": list(queue_ids), **ahead(now)}):
        here = ServiceHere(row.office_id, row.service_id)
        found.setdefault(here, None)
        if row.first is not None:
            days = _days_between(now, row.first, zone=row.zone)
            before = found[here]
            found[here] = days if before is None else min(before, days)
    return found


def _days_between(now: datetime, starts_at: datetime, *, zone: str) -> int:
    first: date = local_day_of(starts_at, zone=zone).date
    return (first - local_day_of(now, zone=zone).date).days
