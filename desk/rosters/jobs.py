"""The jobs of rosters: telling of days without a marshal, and forgetting who was off duty and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from desk.calendar import local_day_of
from desk.deadlines import actions as deadlines
from desk.parts import JobForEach, JobOfPeriod
from desk.rosters.models import DayOffDuty, Leave, ToldDay
from desk.rosters.telling import ROSTERS, offices_to_tell, tell_of_days
from desk.storage.base import WriteSession
from desk.storage.deleting import delete_some
from desk.storage.upsert import table_of

_off, _leaves, _told = table_of(DayOffDuty), table_of(Leave), table_of(ToldDay)


def old_days_off(session: Session, *, before: datetime, limit: int) -> Sequence[int]:
    """Whose days off before that moment are still kept, by the ids of the staff."""
    day = local_day_of(before).date
    return session.scalars(select(_off.c.staff_id).where(_off.c.day < day).distinct().limit(limit)).all()


def forget_days_off(session: WriteSession, *, before: datetime, limit: int) -> int:
    """Delete the days off before that moment."""
    return delete_some(session, _off, _off.c.day < local_day_of(before).date, limit=limit)


def old_leave(session: Session, *, before: datetime, limit: int) -> Sequence[int]:
    """The ids of leave whose last day is before that moment, whatever became of it."""
    return session.scalars(select(_leaves.c.id).where(_was_over(before)).limit(limit)).all()


def forget_leave(session: WriteSession, *, before: datetime, limit: int) -> int:
    """Delete the leave that was over before that moment, with its reason and the word of the manager."""
    return delete_some(session, _leaves, _was_over(before), limit=limit)


def old_told_days(session: Session, *, before: datetime, limit: int) -> Sequence[int]:
    """The ids of days before that moment of which an office was told that they have no marshal."""
    query = select(_told.c.id).where(_told.c.day < local_day_of(before).date).order_by(_told.c.id)
    return session.scalars(query.limit(limit)).all()


def forget_told_days(session: WriteSession, *, before: datetime, limit: int) -> int:
    """Delete these days with their deadlines."""
    old = old_told_days(session, before=before, limit=limit)
    for id in old:
        deadlines.forget(session, subject=ROSTERS, subject_id=id)
    session.execute(delete(_told).where(_told.c.id.in_(old)))
    return len(old)


def _was_over(before: datetime) -> ColumnElement[bool]:
    return _leaves.c.last < local_day_of(before).date


JOBS = (
    JobForEach(name="tell_of_unkept_days", every=timedelta(minutes=1), due=offices_to_tell, run=tell_of_days),
    *(
        JobOfPeriod(name=name, every=timedelta(hours=6), period=lambda periods: periods.rosters, old=old, run=forget)
        for name, old, forget in (
            ("forget_days_off", old_days_off, forget_days_off),
            ("forget_leave", old_leave, forget_leave),
            ("forget_told_days", old_told_days, forget_told_days),
        )
    ),
)
