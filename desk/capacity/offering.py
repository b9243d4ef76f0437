"""Which offices offer a service, as what narrows the queries on offices."""

from __future__ import annotations

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from desk.capacity.models import Queue, QueueService
from desk.offices.models import Office
from desk.offices.queries import Only
from desk.storage.upsert import table_of

_offices, _queues, _links = table_of(Office), table_of(Queue), table_of(QueueService)

# Built once: the statements of the offices that are narrowed by it are kept by this very condition.
_OFFERS = exists(
    select(_queues.c.id)
    .join(_links, _links.c.queue_id == _queues.c.id)
    .where(
        _queues.c.office_id == _offices.c.id,
        _queues.c.is_active.is_(True),
        _links.c.service_id == bindparam("service"),
        _links.c.is_active.is_(True),
    )
)


def offering(service_id: int | None) -> Only | None:
    """Only offices with an active queue for the service; without one they don't offer it. None = all offices."""
    return None if service_id is None else Only(_OFFERS, {"service": service_id})


_OFFERED = (
    select(_links.c.service_id)
    .join(_queues, _queues.c.id == _links.c.queue_id)
    .join(_offices, _offices.c.id == _queues.c.office_id)
    .where(_links.c.is_active.is_(True), _queues.c.is_active.is_(True), _offices.c.is_active.is_(True))
    .distinct()
)


def offered(session: Session) -> frozenset[int]:
    """The ids of the services that some office in use offers."""
    return frozenset(session.scalars(_OFFERED))
