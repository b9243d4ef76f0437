"""Carrying large changes on, and making the slots of the days that come within the window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from desk.calendar import local_day_of
from desk.capacity.actions import roll_window
from desk.capacity.queries import queues_to_fill
from desk.capacity.rules import WINDOW_DAYS
from desk.consequences.actions import carry_on, find_stranded
from desk.consequences.rules import AT_ONCE
from desk.parts import Job, JobForEach
from desk.storage.base import WriteSession


def carry_on_changes(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Move, cancel and tell the people of a large change, a few in each transaction."""
    return carry_on(session, now=now, limit=limit)


def windows_to_roll(session: Session, *, now: datetime) -> Sequence[int]:
    """The queues of which a day has come within the window."""
    return queues_to_fill(session, until=local_day_of(now).date + timedelta(days=WINDOW_DAYS - 1))


def roll(session: WriteSession, *, id: int, now: datetime) -> None:
    """Make the slots of one queue.

    Whoever has lost their time by that, without anybody having decided about them, comes to their office's list.
    """
    roll_window(session, queue_id=id, today=local_day_of(now).date, now=now)
    find_stranded(session, queue_id=id, now=now)


JOBS = (
    Job(name="carry_on_changes", every=timedelta(seconds=5), run=carry_on_changes, batch=AT_ONCE),
    JobForEach(name="roll_windows", every=timedelta(minutes=10), due=windows_to_roll, run=roll),
)
