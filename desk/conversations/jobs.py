"""What has to be forgotten of chats in time: updates that were heard, and the bounds of chats that were erased."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.conversations import actions, rests
from desk.conversations.rules import SERIES
from desk.parts import Job
from desk.storage.base import WriteSession

UPDATES_KEPT = timedelta(hours=48)
"""The messengers bring no update that is older than 24 hours."""


def forget_updates(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete the records of updates that no messenger repeats any more."""
    return actions.forget_updates(session, before=now - UPDATES_KEPT, limit=limit)


def forget_rests(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete the bounds of erased chats, once each of them is over by itself."""
    return rests.forget_rests(session, before=now - SERIES, limit=limit)


JOBS = (
    Job(name="forget_updates", every=timedelta(hours=1), run=forget_updates, batch=5000),
    Job(name="forget_rests", every=timedelta(hours=1), run=forget_rests),
)
