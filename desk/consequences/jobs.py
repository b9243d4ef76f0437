"""The jobs that carry out large changes in batches, and let proposed times go that nobody answered."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.consequences.actions import carry_on
from desk.consequences.letting_go import let_unanswered_go
from desk.consequences.rules import AT_ONCE
from desk.parts import Job
from desk.storage.base import WriteSession


def carry_on_changes(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Move, cancel and tell the people of a large change, a few in each transaction."""
    return carry_on(session, now=now, limit=limit)


JOBS = (
    Job(name="carry_on_changes", every=timedelta(seconds=5), run=carry_on_changes, batch=AT_ONCE),
    Job(name="let_unanswered_proposals_go", every=timedelta(minutes=1), run=let_unanswered_go, batch=AT_ONCE),
)
