"""The jobs that delete ended sessions, unused browsers and old keys of forms, and watch how much is read."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.parts import Job
from desk.staff import alarms, form_keys
from desk.staff.actions import forget_devices, forget_sessions
from desk.storage.base import WriteSession


def forget_form_keys(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete the keys of forms that nobody has open any more."""
    return form_keys.forget(session, before=now - form_keys.KEPT, limit=limit)


WATCH = "watch_readings"
"""The job whose thresholds are settings."""

JOBS = (
    Job(name="forget_staff_sessions", every=timedelta(hours=1), run=forget_sessions),
    Job(name="forget_staff_devices", every=timedelta(days=1), run=forget_devices),
    Job(name=WATCH, every=timedelta(minutes=2), run=alarms.watch, batch=100),
    Job(name="forget_form_keys", every=timedelta(hours=1), run=forget_form_keys, batch=2000),
)
