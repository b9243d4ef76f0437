"""The jobs that look through chats for signs, and forget signs that were not seen again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from desk.parts import JobForEach, JobOfPeriod
from desk.signs import counting
from desk.signs.actions import examine, forget_signs, with_old_signs

EVERY = timedelta(hours=6)
"""Often enough that a count of a day is seen before it ends."""
HEARD = EVERY + timedelta(hours=2)
"""The chats that wrote within this time are looked through; of when a chat wrote only the hour is kept."""


def due(session: Session, *, now: datetime) -> Sequence[int]:
    """The conversations to look through now."""
    return counting.due(session, heard_since=now - HEARD, now=now)


JOBS = (
    JobForEach(name="look_for_signs", every=EVERY, due=due, run=examine),
    JobOfPeriod(
        name="forget_signs",
        every=timedelta(hours=6),
        period=lambda periods: periods.signs,
        old=with_old_signs,
        run=forget_signs,
    ),
)
