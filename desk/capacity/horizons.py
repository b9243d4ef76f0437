"""How many days ahead an office opens for each of its services, and at which hour it opens a new day.

An office opens at most as many days as the service; what it leaves empty is as the service says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from desk.acting import Actor, Permission
from desk.calendar import local_day_of
from desk.capacity.bookable import OPENING, links, offices, queues, services
from desk.capacity.freed import places_freed
from desk.capacity.refusals import MoreDaysThanService
from desk.catalogue.refusals import NoSuchOpening
from desk.catalogue.rules import MINUTES_OF_A_DAY, MOST_DAYS_AHEAD
from desk.events import actions as events
from desk.language.text import Localised
from desk.offices.reach import node_of
from desk.storage.base import WriteSession

_OF_OFFICE = (
    select(
        links.c.queue_id,
        links.c.service_id,
        services.c.short_title,
        links.c.days_ahead.label("own_days"),
        links.c.opens_at.label("own_hour"),
        services.c.days_ahead.label("service_days"),
        services.c.opens_at.label("service_hour"),
        offices.c.zone,
        *OPENING,
    )
    .join_from(links, queues, queues.c.id == links.c.queue_id)
    .join(offices, offices.c.id == queues.c.office_id)
    .join(services, services.c.id == links.c.service_id)
    .where(queues.c.office_id == bindparam("office"), links.c.is_active.is_(True))
    .order_by(services.c.position, services.c.id, links.c.queue_id)
)
_SET = (
    update(links)
    .where(
        links.c.service_id == bindparam("service"),
        links.c.queue_id.in_(select(queues.c.id).where(queues.c.office_id == bindparam("office"))),
    )
    .values(
        days_ahead=bindparam("days", type_=links.c.days_ahead.type),
        opens_at=bindparam("hour", type_=links.c.opens_at.type),
        opened_until=bindparam("until", type_=links.c.opened_until.type),
    )
)
_OWN = (
    select(*links.c["days_ahead", "opens_at", "opened_until"])
    .join_from(links, queues, queues.c.id == links.c.queue_id)
    .where(queues.c.office_id == bindparam("office"), links.c.service_id == bindparam("service"))
    .order_by(links.c.is_active.desc(), links.c.queue_id)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Horizon:
    """How an office opens its days for a service; `days_ahead` and `opens_at` are what holds (None = all, midnight)."""

    service_id: int
    title: Localised
    own_days: int | None
    own_hour: int | None
    service_days: int | None
    service_hour: int | None
    days_ahead: int | None
    opens_at: int | None

    @property
    def is_own(self) -> bool:
        """Whether the office says anything of its own."""
        return self.own_days is not None or self.own_hour is not None


def horizons_of(session: Session, *, office_id: int) -> list[Horizon]:
    """How the office opens its days, for each service that one of its queues serves."""
    return [_row(found) for found in _of(session, office_id=office_id).values()]


def set_horizon(
    session: WriteSession,
    *,
    office_id: int,
    service_id: int,
    days_ahead: int | None,
    opens_at: int | None,
    actor: Actor,
    now: datetime,
) -> None:
    """Open so many days ahead for the service at the office, a new one at this minute; None = as the service says.

    It holds for all of its queues that serve it, and nobody loses an appointment by it. Those who wait there are
    looked for anew, since days may be open now that were not.
    Raises OutOfReach, MoreDaysThanService, NoSuchOpening, and LookupError where the office does not serve it.
    """
    actor.require(Permission.CAPACITY_WRITE, at=node_of(session, office_id))
    found = _of(session, office_id=office_id).get(service_id)
    if found is None:
        raise LookupError(f"office {office_id} does not serve {service_id}")
    if days_ahead is not None and not 1 <= days_ahead <= MOST_DAYS_AHEAD:
        raise NoSuchOpening("days_ahead")
    if days_ahead is not None and found.service_days is not None and days_ahead > found.service_days:
        raise MoreDaysThanService(most=found.service_days)
    if opens_at is not None and days_ahead is None and found.service_days is None:  # the days are what is missing
        raise NoSuchOpening("days_ahead")
    if opens_at is not None and not 0 <= opens_at < MINUTES_OF_A_DAY:
        raise NoSuchOpening("opens_at")
    if (found.own_days, found.own_hour) == (days_ahead, opens_at):
        return
    days = found.service_days if days_ahead is None else days_ahead
    hour = found.service_hour if opens_at is None else opens_at
    is_own = days_ahead is not None or opens_at is not None
    until = _last_open(days or 0, hour or 0, zone=found.zone, now=now) if is_own else None
    to = {"days": days_ahead, "hour": opens_at, "until": until}
    session.connection().execute(_SET, {"office": office_id, "service": service_id, **to})
    events.note(
        session,
        actor=actor,
        kind="horizon.set",
        subject=f"service:{service_id}",
        office_id=office_id,
        old={"days_ahead": found.own_days, "opens_at": found.own_hour},
        new={"days_ahead": days_ahead, "opens_at": opens_at},
        now=now,
    )
    for row in session.execute(_OF_OFFICE, {"office": office_id}).all():
        if row.service_id == service_id:
            places_freed(session, queue_id=row.queue_id, office_id=office_id, day=None)


def own_horizon(session: Session, *, office_id: int, service_id: int) -> dict[str, Any]:
    """The columns of `queue_services` that a further queue of the office takes over for the service."""
    found = session.execute(_OWN, {"office": office_id, "service": service_id}).one_or_none()
    return {} if found is None else dict(found._mapping)


def _of(session: Session, *, office_id: int) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for row in session.execute(_OF_OFFICE, {"office": office_id}):
        found.setdefault(row.service_id, row)
    return found


def _row(found: Any) -> Horizon:
    values = {name: value for name, value in found._mapping.items() if name not in ("queue_id", "short_title", "zone")}
    return Horizon(title=found.short_title, **values)


def _last_open(days: int, minutes: int, *, zone: str, now: datetime) -> date:
    """The last day that is open by the clock of the office."""
    return local_day_of(now - timedelta(minutes=minutes), zone=zone).plus(days).date
