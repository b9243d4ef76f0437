"""The job that makes the slots of days that have come into the booking window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from desk.acting import SYSTEM
from desk.calendar import local_day_of
from desk.capacity.planning import queues_to_fill, roll_window
from desk.capacity.rules import WINDOW_DAYS
from desk.events.reacting import react
from desk.parts import Happened, JobForEach
from desk.storage.base import WriteSession

ROLLED = "queue.rolled"
"""The kind of event for reactors after days were made; it is not written into the history, since nobody did it."""


def windows_to_roll(session: Session, *, now: datetime) -> Sequence[int]:
    """The queues that lack slots of a day in the window."""
    return queues_to_fill(session, until=local_day_of(now).date + timedelta(days=WINDOW_DAYS - 1))


def roll(session: WriteSession, *, id: int, now: datetime) -> None:
    """Make the slots of one queue.

    A reactor lists people who lose their time by that.
    """
    roll_window(session, queue_id=id, today=local_day_of(now).date, now=now)
    react(session, Happened(kind=ROLLED, subject=f"queue:{id}", actor=SYSTEM, now=now))


JOBS = (JobForEach(name="roll_windows", every=timedelta(minutes=10), due=windows_to_roll, run=roll),)
