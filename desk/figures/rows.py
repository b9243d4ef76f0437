"""The plain rows of the figures of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from desk.offices.rows import OfficeRow


@dataclass(frozen=True, slots=True)
class DayOfOffice:
    """The places of all queues of an office on one day; `released` 0 = the office gives none."""

    released: int
    taken: int
    free: int

    @property
    def share(self) -> int | None:
        """How many percent are taken; None where there are no places. More people than places are 100."""
        return min(100, round(100 * self.taken / self.released)) if self.released else None


@dataclass(frozen=True, slots=True)
class OfficeStrain:
    """The coming days of an office added up; `first_free` None = no day has a free place."""

    office: OfficeRow
    released: int
    taken: int
    free: int
    first_free: date | None
    absent: int
    waiting: int
    """The people who wait for a time there now; somebody may wait at several offices."""
    counted_at: datetime | None
    """The oldest count of its queues; None = not counted yet."""

    @property
    def share(self) -> int | None:
        """How many percent of the places are taken; None where there are none."""
        return DayOfOffice(self.released, self.taken, self.free).share
