"""Writing the holidays of the years ahead before they are needed."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.calendar import local_day_of
from desk.parts import Job
from desk.seed.days_off import keep_filled
from desk.storage.base import WriteSession


def fill_holidays(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Write the holidays of the years ahead that are missing, all at once; those that follow the moon as estimates."""
    return keep_filled(session, today=local_day_of(now).date, now=now)


JOBS = (Job(name="fill_holidays", every=timedelta(hours=6), run=fill_holidays),)
