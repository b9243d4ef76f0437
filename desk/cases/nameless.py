"""What a case under «nobody contacts me» keeps of time: the day, so that no moment of a chat is found again in it."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.calendar import instant_of, local_day_of
from desk.cases.rules import Contact

LOOKED_AT = timedelta(minutes=5)
"""Arrivals of so many minutes fall due at one moment."""
AT_LEAST = timedelta(minutes=5)
"""How long an arrival waits at least, so that the moment of the hand-over does not tell that of the chat."""


def beginning_of_day(now: datetime) -> datetime:
    """When the nation's day of this moment began."""
    return instant_of(local_day_of(now))


def kept_moment(now: datetime, *, contact: Contact) -> datetime:
    """The moment that a case with this contact keeps: itself, or under nobody the beginning of its day."""
    return beginning_of_day(now) if contact is Contact.NOBODY else now


def handed_over_at(now: datetime) -> datetime:
    """When what arrives now is handed over: five to ten minutes later, together with all of the same five minutes."""
    minutes = LOOKED_AT.total_seconds()
    over = now.timestamp() % minutes
    return now - timedelta(seconds=over) + LOOKED_AT + AT_LEAST
