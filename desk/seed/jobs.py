"""The job that writes the holidays of the years ahead."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.calendar import local_day_of
from desk.parts import Job
from desk.seed.days_off import keep_filled
from desk.storage.base import WriteSession


def fill_holidays(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Write the missing holidays of the years ahead, all at once; lunar ones as estimates."""
    return keep_filled(session, today=local_day_of(now).date, now=now)


JOBS = (Job(name="fill_holidays", every=timedelta(hours=6), run=fill_holidays),)
