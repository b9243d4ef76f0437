"""Which services are drawn in which province, and up to which day their places are open; only draws change it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from desk.capacity.bookable import drawn
from desk.capacity.freed import places_freed
from desk.capacity.models import DrawnService, Queue, QueueService
from desk.offices.models import Office
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_or_update, table_of

_queues, _links, _offices = table_of(Queue), table_of(QueueService), table_of(Office)
_LAST = select(drawn.c.last_open_day).where(
    drawn.c.service_id == bindparam("service"), drawn.c.province_code == bindparam("province")
)
_END = delete(drawn).where(drawn.c.service_id == bindparam("service"), drawn.c.province_code == bindparam("province"))
GIVING = (
    select(_queues.c.id, _queues.c.office_id, _links.c.most_a_day)
    .join_from(_queues, _links, _links.c.queue_id == _queues.c.id)
    .join(_offices, _offices.c.id == _queues.c.office_id)
    .where(
        _links.c.service_id == bindparam("service"),
        _offices.c.province_code == bindparam("province"),
        _links.c.is_active.is_(True),
        _queues.c.is_active.is_(True),
        _offices.c.is_active.is_(True),
    )
    .order_by(_queues.c.id)
)
"""The queues in use that give the service in the province."""


def last_open_day(session: Session, *, service_id: int, province_code: str) -> date | None:
    """The last day whose places are open; None = the service is not drawn there."""
    return session.scalar(_LAST, {"service": service_id, "province": province_code})


def draw_after(session: WriteSession, *, service_id: int, province_code: str, last_open: date) -> None:
    """From now on the places of later days are drawn."""
    row = {"service_id": service_id, "province_code": province_code, "last_open_day": last_open}
    keys = ("service_id", "province_code")
    session.connection().execute(insert_or_update(session, DrawnService, unique=keys, updates=("last_open_day",)), row)


def draw_no_more(session: WriteSession, *, service_id: int, province_code: str) -> None:
    """The places of all days are open."""
    session.connection().execute(_END, {"service": service_id, "province": province_code})
    tell_of_days(session, service_id=service_id, province_code=province_code, days=[None])


def tell_of_days(session: WriteSession, *, service_id: int, province_code: str, days: list[date] | list[None]) -> None:
    """What is free on these days (None = on any) is open now: those who wait are asked before everybody sees it."""
    for queue in session.execute(GIVING, {"service": service_id, "province": province_code}).all():
        for day in days:
            places_freed(session, queue_id=queue.id, office_id=queue.office_id, day=day)
