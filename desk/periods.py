"""How long things are left as they are: what is said of people, and a place that somebody gave back."""

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
    signs: timedelta = timedelta(days=30)
    """After a sign was last seen in a chat: the sign, and what somebody found who looked at it."""
    rosters: timedelta = timedelta(days=90)
    """After a day off of somebody of the staff: that they were off, why they asked for it, and what was said to it."""
    history: timedelta = timedelta(days=3 * 365)
    """After an event: its line in the history."""


USUAL_PERIODS = Periods()


@dataclass(frozen=True, slots=True)
class Rest:
    """A random time between these passes until a place that a person gave back is offered again; zero = none."""

    least: timedelta = timedelta(minutes=10)
    most: timedelta = timedelta(minutes=60)


USUAL_REST = Rest()

GRACE = timedelta(days=1)
"""How much later than its period something may still be there: the jobs run several times a day."""
