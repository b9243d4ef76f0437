"""The jobs that forget who kept order long ago, and old alarms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from desk.calendar import local_day_of
from desk.marshals.models import AlarmSeen, CrowdAlarm, MarshalShift
from desk.parts import JobOfPeriod
from desk.storage.base import WriteSession
from desk.storage.deleting import delete_some
from desk.storage.upsert import table_of

_shifts, _alarms, _seen = table_of(MarshalShift), table_of(CrowdAlarm), table_of(AlarmSeen)


def old_shifts(session: Session, *, before: datetime, limit: int) -> Sequence[int]:
    """The ids of shifts of days before that moment."""
    day = local_day_of(before).date
    return session.scalars(select(_shifts.c.id).where(_shifts.c.day < day).limit(limit)).all()


def forget_shifts(session: WriteSession, *, before: datetime, limit: int) -> int:
    """Delete the shifts of days before that moment."""
    return delete_some(session, _shifts, _shifts.c.day < local_day_of(before).date, limit=limit)


def old_alarms(session: Session, *, before: datetime, limit: int) -> Sequence[int]:
    """The ids of alarms before that moment."""
    query = select(_alarms.c.id).where(_alarms.c.raised_at < before).order_by(_alarms.c.id)
    return session.scalars(query.limit(limit)).all()


def forget_alarms(session: WriteSession, *, before: datetime, limit: int) -> int:
    """Delete these alarms with who has seen them."""
    old = old_alarms(session, before=before, limit=limit)
    session.execute(delete(_seen).where(_seen.c.alarm_id.in_(old)))
    session.execute(delete(_alarms).where(_alarms.c.id.in_(old)))
    return len(old)


JOBS = tuple(
    JobOfPeriod(name=name, every=timedelta(hours=6), period=lambda periods: periods.rosters, old=old, run=forget)
    for name, old, forget in (
        ("forget_shifts", old_shifts, forget_shifts),
        ("forget_alarms", old_alarms, forget_alarms),
    )
)
