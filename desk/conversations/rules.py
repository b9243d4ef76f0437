"""How many codes without a case a chat may look up, how long look-ups are then blocked, and how long a key may be."""

from __future__ import annotations

from datetime import datetime, timedelta

LONGEST_KEY = 60
"""The most letters of the stored key of an update."""

MOST_MISSES = 10
"""Codes without a case in one series, after which look-ups are blocked."""

SERIES = timedelta(hours=24)
"""The length of a series from its first miss; then the count begins at zero."""


def rests_until(misses: int, first_missed_at: datetime | None, *, now: datetime) -> datetime | None:
    """When codes are looked up again; None = they are now."""
    if first_missed_at is None or misses < MOST_MISSES:
        return None
    until = first_missed_at + SERIES
    return until if now < until else None
