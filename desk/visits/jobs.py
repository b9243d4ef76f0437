"""The job that erases the notes on old visits, which may name somebody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.calendar import local_day_of
from desk.parts import JobOfPeriod
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.visits.models import Visit

_visits, _appointments = table_of(Visit), table_of(Appointment)
_NOTED = (
    select(_visits.c.id)
    .join(_appointments, _appointments.c.id == _visits.c.appointment_id)
    .where(_visits.c.note_sealed.is_not(None), _appointments.c.day < bindparam("before"))
    .limit(bindparam("most"))
)


def old_notes(session: Session, *, before: datetime, limit: int) -> Sequence[int]:
    """The ids of visits of days before that moment that still have a note."""
    return session.scalars(_NOTED, {"before": local_day_of(before).date, "most": limit}).all()


def forget_notes(session: WriteSession, *, before: datetime, limit: int) -> int:
    """Erase the notes on visits of days before that moment."""
    old = old_notes(session, before=before, limit=limit)
    if old:
        session.execute(update(_visits).where(_visits.c.id.in_(old)).values(note_sealed=None))
    return len(old)


JOBS = (
    JobOfPeriod(
        name="forget_notes_on_visits",
        every=timedelta(hours=6),
        period=lambda periods: periods.appointments,
        old=old_notes,
        run=forget_notes,
    ),
)
