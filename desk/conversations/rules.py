"""How many codes a chat may look for in vain, and how long it then waits."""

from __future__ import annotations

from datetime import datetime, timedelta

MOST_MISSES = 10
"""Codes that were nobody's, in one series; after these no code is looked up for the chat."""

SERIES = timedelta(hours=24)
"""So long after its first miss a series is over, and the count begins anew."""


def rests_until(misses: int, first_missed_at: datetime | None, *, now: datetime) -> datetime | None:
    """When codes are looked up for the chat again; None = they are now."""
    if first_missed_at is None or misses < MOST_MISSES:
        return None
    until = first_missed_at + SERIES
    return until if now < until else None
