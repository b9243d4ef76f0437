"""The jobs that delete records of heard updates, and the limits of erased chats."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.conversations import actions, rests
from desk.conversations.rules import SERIES
from desk.parts import Job
from desk.storage.base import WriteSession

UPDATES_KEPT = timedelta(hours=48)
"""How long records are kept; messengers repeat no update older than 24 hours."""


def forget_updates(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete the records of updates that no messenger repeats any more."""
    return actions.forget_updates(session, before=now - UPDATES_KEPT, limit=limit)


def forget_rests(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete the limits of erased chats after they have expired."""
    return rests.forget_rests(session, before=now - SERIES, limit=limit)


JOBS = (
    Job(name="forget_updates", every=timedelta(hours=1), run=forget_updates, batch=5000),
    Job(name="forget_rests", every=timedelta(hours=1), run=forget_rests),
)
