"""The jobs of cases: hand over what was told under a code alone and remove the traces of that, delete old drafts, and
unassign cases whose holder may no longer handle them."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.cases.arrivals import leave_no_trace
from desk.cases.drafts import KEPT, forget_old_drafts
from desk.cases.handing_over import due, hand_over
from desk.cases.leaving import give_back_all
from desk.cases.privacy import closed_with_texts, forget_closed
from desk.parts import Job, JobForEach, JobOfPeriod
from desk.storage.base import WriteSession


def forget_drafts(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete drafts of replies that their writers did not come back to."""
    return forget_old_drafts(session, before=now - KEPT, limit=limit)


def empty_arrivals(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Remove from the files of PostgreSQL what was handed over."""
    return int(leave_no_trace(session))


JOBS = (
    # Often enough that what falls due ten minutes after it was told is there within a quarter of an hour.
    JobForEach(name="hand_over_cases", every=timedelta(minutes=2), due=due, run=hand_over),
    Job(name="empty_arrivals", every=timedelta(minutes=2), run=empty_arrivals),
    Job(name="forget_drafts", every=timedelta(hours=6), run=forget_drafts),
    JobOfPeriod(
        name="forget_closed_cases",
        every=timedelta(hours=6),
        period=lambda periods: periods.cases,
        old=closed_with_texts,
        run=forget_closed,
        batch=200,
    ),
    Job(name="give_back_cases", every=timedelta(hours=1), run=give_back_all),
)
