"""The job that deletes slips some days after the day of their appointment."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from desk.appointments.models import Appointment
from desk.calendar import local_day_of
from desk.parts import Job
from desk.storage.base import WriteSession
from desk.storage.deleting import delete_some
from desk.storage.upsert import table_of
from desk.walk_ins.models import WalkInSlip
from desk.walk_ins.rules import KEPT_DAYS

_slips, _appointments = table_of(WalkInSlip), table_of(Appointment)


def forget_slips(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete them; returns their number."""
    before = local_day_of(now - timedelta(days=KEPT_DAYS)).date
    past = select(_appointments.c.id).where(_appointments.c.id == _slips.c.appointment_id, _appointments.c.day < before)
    return delete_some(session, _slips, past.exists(), limit=limit)


JOBS = (Job(name="forget_walk_in_slips", every=timedelta(hours=1), run=forget_slips),)
