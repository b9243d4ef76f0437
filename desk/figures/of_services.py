"""What is free of a counted day for one service: no more than its quota leaves."""

from __future__ import annotations

from sqlalchemy import and_, case, func

from desk.capacity.models import QueueService, QuotaDay
from desk.figures.models import DayFigures
from desk.storage.upsert import table_of

figures, links, _quotas = table_of(DayFigures), table_of(QueueService), table_of(QuotaDay)
FOR_SERVICE = links.join(figures, figures.c.queue_id == links.c.queue_id).outerjoin(
    _quotas,
    and_(
        links.c.most_a_day.is_not(None),
        _quotas.c.queue_id == links.c.queue_id,
        _quotas.c.service_id == links.c.service_id,
        _quotas.c.day == figures.c.day,
    ),
)
"""The days of a queue once for each of its services, with what is used of their quotas."""
_left = links.c.most_a_day - func.coalesce(_quotas.c.taken, 0)
FREE_FOR_SERVICE = case(
    (links.c.most_a_day.is_(None), figures.c.free),
    (_left <= 0, 0),
    (_left < figures.c.free, _left),
    else_=figures.c.free,
)
