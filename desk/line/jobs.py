"""The jobs that forget what the line needs on its day alone: priority classes, and keys of presses."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update

from desk.calendar import local_day_of
from desk.line.models import LineEntry, LinePress
from desk.parts import Job
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_entries, _presses = table_of(LineEntry), table_of(LinePress)
KEYS_KEPT = timedelta(days=3)
"""A press that is sent later than this is not known any more: the line of its day is over, and refuses it."""
_BEARS = (
    select(_entries.c.appointment_id)
    .where(_entries.c.class_id.is_not(None), _entries.c.day < bindparam("today"))
    .limit(bindparam("most"))
)
_OLD = select(_presses.c.id).where(_presses.c.applied_at < bindparam("before")).limit(bindparam("most"))


def forget_classes(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Empty the priority classes of days that are over everywhere."""
    today = local_day_of(now).date - timedelta(days=1)
    ids = session.scalars(_BEARS, {"today": today, "most": limit}).all()
    if ids:
        session.execute(update(_entries).where(_entries.c.appointment_id.in_(ids)).values(class_id=None))
    return len(ids)


def forget_presses(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete the keys of old presses."""
    ids = session.scalars(_OLD, {"before": now - KEYS_KEPT, "most": limit}).all()
    if ids:
        session.execute(delete(_presses).where(_presses.c.id.in_(ids)))
    return len(ids)


JOBS = (
    Job(name="forget_classes_in_line", every=timedelta(hours=6), run=forget_classes),
    Job(name="forget_line_presses", every=timedelta(hours=6), run=forget_presses),
)
