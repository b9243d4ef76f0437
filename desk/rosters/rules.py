"""How far ahead days without a marshal are told of, and which days those are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LONGEST_CONDITIONS = 1000
DAYS_BEFORE = 3
"""From so many days before, a working day without a marshal is told of."""
LONGEST_REASON = 300
LONGEST_WORD = 300
MOST_LEAVE = 60
"""The most days of one leave."""
LEAVE_AHEAD = timedelta(days=366)
"""How far ahead leave is asked for."""


class LeaveState(StrEnum):
    """What became of leave that somebody asked for."""

    ASKED = "asked"
    GRANTED = "granted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class OnDuty:
    """A role of somebody at an office, with the days between which it is in force."""

    staff_id: int
    valid_from: date | None
    valid_to: date | None

    def is_there(self, day: date, *, off: Collection[tuple[int, date]]) -> bool:
        """Whether the role is in force on this day, and the day is not one off duty."""
        began = self.valid_from is None or self.valid_from <= day
        goes_on = self.valid_to is None or day <= self.valid_to
        return began and goes_on and (self.staff_id, day) not in off


def days_told_of(today: date) -> list[date]:
    """Today and the days after, as far as days without a marshal are told of."""
    return [today + timedelta(days=n) for n in range(DAYS_BEFORE + 1)]


def without_marshal(
    works_on: Iterable[date], *, marshals: Collection[OnDuty], off: Collection[tuple[int, date]]
) -> list[date]:
    """The days among those on which an office works that have no marshal on duty."""
    return [day for day in sorted(works_on) if not any(each.is_there(day, off=off) for each in marshals)]


def days_of(first: date, last: date) -> list[date]:
    """The days from `first` to `last`."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def days_by_member(off: Iterable[tuple[int, date]]) -> Mapping[str, list[str]]:
    """Days off as the history keeps them: by the id of the member of staff."""
    found: dict[str, list[str]] = {}
    for staff_id, day in sorted(off):
        found.setdefault(str(staff_id), []).append(day.isoformat())
    return found
