"""The job that deletes old messages."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.outbox.actions import forget_closed
from desk.parts import Job
from desk.storage.base import WriteSession

CLOSED_MESSAGES_KEPT = timedelta(days=180)
"""Longer than the booking window, so that the ticket of a live appointment is never missed."""


def forget_closed_messages(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete old messages that are closed."""
    return forget_closed(session, before=now - CLOSED_MESSAGES_KEPT, limit=limit)


JOBS = (Job(name="forget_closed_messages", every=timedelta(hours=6), run=forget_closed_messages, batch=2000),)
