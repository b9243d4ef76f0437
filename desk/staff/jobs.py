"""The jobs that delete ended sessions, browsers that nobody uses any more, and old keys of forms."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.parts import Job
from desk.staff import form_keys
from desk.staff.actions import forget_devices, forget_sessions
from desk.storage.base import WriteSession


def forget_form_keys(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete the keys of forms that nobody has open any more."""
    return form_keys.forget(session, before=now - form_keys.KEPT, limit=limit)


JOBS = (
    Job(name="forget_staff_sessions", every=timedelta(hours=1), run=forget_sessions),
    Job(name="forget_staff_devices", every=timedelta(days=1), run=forget_devices),
    Job(name="forget_form_keys", every=timedelta(hours=1), run=forget_form_keys, batch=2000),
)
