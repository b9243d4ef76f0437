"""The jobs that delete records of heard updates, and the counts of chats."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.conversations import actions, allowing, limits
from desk.parts import Job
from desk.storage.base import WriteSession

UPDATES_KEPT = timedelta(hours=48)
"""How long records are kept; messengers repeat no update older than 24 hours."""


def forget_updates(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete the records of updates that no messenger repeats any more."""
    return actions.forget_updates(session, before=now - UPDATES_KEPT, limit=limit)


def forget_counters(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete the counts of chats whose series are over, and the raised limits that have ended."""
    done = limits.forget_counters(session, now=now, limit=limit)
    return done + allowing.forget_allowances(session, now=now, limit=limit - done)


JOBS = (
    Job(name="forget_updates", every=timedelta(hours=1), run=forget_updates, batch=5000),
    Job(name="forget_counters", every=timedelta(hours=1), run=forget_counters),
)
