"""The job that goes on with large closings."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.closings.rules import AT_ONCE
from desk.closings.steps import go_on
from desk.parts import Job
from desk.storage.base import WriteSession


def go_on_with_closings(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Close, open and bring back the days of large closings, a few in each transaction."""
    return go_on(session, limit=limit, now=now)


JOBS = (Job(name="go_on_with_closings", every=timedelta(seconds=5), run=go_on_with_closings, batch=AT_ONCE),)
