"""Checks of authority for changes of capacity: at the queue's office, or where the holiday holds."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from desk.acting import Actor, OutOfReach, Permission
from desk.capacity.models import Queue
from desk.offices.models import Office
from desk.organisation import NATION, office, province
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_queues, _offices = table_of(Queue), table_of(Office)
_PLACE = (
    select(_offices.c.id, _offices.c.area)
    .join(_queues, _queues.c.office_id == _offices.c.id)
    .where(_queues.c.id == bindparam("queue"))
)


def require_queue(session: WriteSession, actor: Actor, *, queue_id: int) -> int:
    """Check that the actor may change the capacity of the queue's office; return the id of the office.

    Raises:
        OutOfReach: they may not, or there is no such queue.
    """
    found = session.execute(_PLACE, {"queue": queue_id}).one_or_none()
    if found is None:
        raise OutOfReach(Permission.CAPACITY_WRITE)
    office_id: int = found.id
    actor.require(Permission.CAPACITY_WRITE, at=office(office_id, area=found.area))
    return office_id


def require_holidays(actor: Actor, *, province_code: str | None) -> None:
    """Check that the actor may write holidays of the province, or of the country (None).

    Raises:
        OutOfReach: they may not.
    """
    actor.require(Permission.CAPACITY_WRITE, at=NATION if province_code is None else province(province_code))
