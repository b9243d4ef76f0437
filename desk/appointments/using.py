"""Counts for how many appointments each service was booked lately, by which the lists of services are ordered."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, update

from desk.appointments.models import Appointment
from desk.calendar import local_day_of
from desk.catalogue.models import Service
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

LATELY = timedelta(days=30)
"""Appointments of days before that are not counted."""

_appointments, _services = table_of(Appointment), table_of(Service)
# Only those that still have a person: the index on their days holds no others.
_BOOKED = (
    select(_appointments.c.service_id, func.count().label("times"))
    .where(_appointments.c.person_id.is_not(None), _appointments.c.day >= bindparam("since"))
    .group_by(_appointments.c.service_id)
    .subquery()
)
_CHANGED = (
    select(_services.c.id, func.coalesce(_BOOKED.c.times, 0).label("times"))
    .outerjoin(_BOOKED, _BOOKED.c.service_id == _services.c.id)
    .where(_services.c.used != func.coalesce(_BOOKED.c.times, 0))
    .order_by(_services.c.id)
    .limit(bindparam("most"))
)
_SET = update(_services).where(_services.c.id == bindparam("of")).values(used=bindparam("times"))


def count_uses(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Count anew for at most `limit` services; returns for how many the number is another one. It names no person."""
    since = local_day_of(now - LATELY).date
    changed = session.connection().execute(_CHANGED, {"since": since, "most": limit}).all()
    if changed:
        session.connection().execute(_SET, [{"of": row.id, "times": row.times} for row in changed])
    return len(changed)
