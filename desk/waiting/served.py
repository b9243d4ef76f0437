"""Which services a queue gives on a day to those who wait: open there, not drawn, and within their quota."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, and_, bindparam, select
from sqlalchemy.orm import Session

from desk.capacity.bookable import OPENING
from desk.capacity.models import DrawnService, Queue, QueueService
from desk.capacity.quotas import Left, left
from desk.capacity.rules import opens_on
from desk.catalogue.models import Service
from desk.catalogue.queries import TAKES_APPOINTMENTS
from desk.offices.models import Office
from desk.places.quotas import OfDay, took
from desk.storage.upsert import table_of

_queues, _offices = table_of(Queue), table_of(Office)
_services, _links, _drawn = table_of(Service), table_of(QueueService), table_of(DrawnService)
_SERVED = (
    select(_links.c.queue_id, _services.c.id, *OPENING, _drawn.c.last_open_day, _services.c.is_per_household)
    .join_from(_links, _services, _services.c.id == _links.c.service_id)
    .join(_queues, _queues.c.id == _links.c.queue_id)
    .join(_offices, _offices.c.id == _queues.c.office_id)
    .outerjoin(_drawn, and_(_drawn.c.service_id == _services.c.id, _drawn.c.province_code == _offices.c.province_code))
    .where(_links.c.queue_id.in_(bindparam("queues", expanding=True)), _links.c.is_active.is_(True), TAKES_APPOINTMENTS)
)


class Served(NamedTuple):
    """A service that a queue gives, and when its days open."""

    queue_id: int
    service_id: int
    days_ahead: int | None
    opens_at: int | None
    last_open_day: date | None
    """The last day whose places are not drawn for it here; None = all are open."""
    is_per_household: bool
    """Whether one place serves a whole household."""

    def is_open(self, day: date, *, zone: str, now: datetime) -> bool:
        """Whether the day is open for this service, and its places are not drawn."""
        if self.last_open_day is not None and day > self.last_open_day:
            return False
        if self.days_ahead is None:
            return True
        return opens_on(day, days_ahead=self.days_ahead, opens_at=self.opens_at, zone=zone) <= now


class Quotas:
    """What is left of the quotas of some queues and days, and what is taken of it while places are given out."""

    def __init__(self, left: Left) -> None:
        self._left = dict(left)

    def fits(self, of_day: OfDay, *, places: int) -> bool:
        """Whether so many places more are within the quota, as far as is known; also where there is none."""
        bound = self._left.get(of_day)
        return bound is None or bound >= places

    def has(self, of_day: OfDay) -> bool:
        """Whether the service has a quota there."""
        return of_day in self._left

    def take(self, connection: Connection, of_day: OfDay, *, places: int) -> bool:
        """Take so many of the quota, where there is one; False = somebody was faster, and fewer are left."""
        if not self.has(of_day):
            return True
        if not self.fits(of_day, places=places):
            return False
        is_taken = took(connection, of_day, places=places)
        self._left[of_day] = self._left[of_day] - places if is_taken else places - 1
        return is_taken


def served_by(session: Session, queue_ids: Collection[int]) -> Mapping[int, Sequence[Served]]:
    """The services of each of these queues. One statement."""
    found: dict[int, list[Served]] = defaultdict(list)
    for row in session.execute(_SERVED, {"queues": sorted(queue_ids)}):
        found[row.queue_id].append(Served._make(row))
    return found


def quotas_of(session: Session, *, queue_ids: Collection[int], days: Collection[date]) -> Quotas:
    """The quotas of these queues on these days."""
    return Quotas(left(session, queue_ids=queue_ids, days=days))
