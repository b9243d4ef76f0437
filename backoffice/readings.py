"""Which readings of personal data were logged lately: a page that is open all day is a line every ten minutes."""

from __future__ import annotations

from datetime import datetime, timedelta

from backoffice.web.http import Reading

AGAIN_AFTER = timedelta(minutes=10)
MOST = 10_000
"""Readings remembered; beyond that the oldest go, which costs a second line at worst."""


class Readings:
    """Remembers, in this process, who was logged as reading what and when."""

    def __init__(self) -> None:
        self._logged: dict[tuple[int, Reading], datetime] = {}

    def is_due(self, reading: Reading, *, staff_id: int, now: datetime) -> bool:
        """Whether this reading has to be logged now; True is given once and counts as logged."""
        key = (staff_id, reading)
        before = self._logged.get(key)
        if before is not None and now - before < AGAIN_AFTER:
            return False
        self._logged.pop(key, None)
        self._logged[key] = now
        while len(self._logged) > MOST:
            del self._logged[next(iter(self._logged))]
        return True
