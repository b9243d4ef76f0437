"""How long what is said of people is kept; afterwards a job erases it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods:
    """The periods of an installation, whole days."""

    appointments: timedelta = timedelta(days=30)
    """After the day of an appointment: whose it was, and what was written about the visit."""
    unfinished: timedelta = timedelta(days=7)
    """After a chat's last message: answers of something that was begun."""
    cases: timedelta = timedelta(days=365)
    """After a case was closed: everything that was written in it."""
    history: timedelta = timedelta(days=3 * 365)
    """After an event: its line in the history."""


USUAL_PERIODS = Periods()

GRACE = timedelta(days=1)
"""How much later than its period something may still be there: the jobs run several times a day."""
