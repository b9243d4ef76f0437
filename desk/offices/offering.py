"""The condition that an office offers a service.

Queues belong to `desk.capacity`, which imports this subject; so their tables are named here, not imported.
"""

from __future__ import annotations

from sqlalchemy import BindParameter, Boolean, ColumnElement, Integer, column, exists, select, table

from desk.offices.models import Office
from desk.storage.upsert import table_of

_offices = table_of(Office)

_queues = table("queues", column("id", Integer), column("office_id", Integer), column("is_active", Boolean))
_queue_services = table(
    "queue_services", column("queue_id", Integer), column("service_id", Integer), column("is_active", Boolean)
)


def offers(service_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """The condition that an office has an active queue for the service; without one it doesn't offer it."""
    return exists(
        select(_queues.c.id)
        .join(_queue_services, _queue_services.c.queue_id == _queues.c.id)
        .where(
            _queues.c.office_id == _offices.c.id,
            _queues.c.is_active.is_(True),
            _queue_services.c.service_id == service_id,
            _queue_services.c.is_active.is_(True),
        )
    )
