"""Which places of a day are set apart: for the desk, for people who come without an appointment, the rest for all.

The shares are percents of the places, so that they hold whatever the counters and hours of a day are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from desk.calendar import instant_of, local_day_of
from desk.capacity.refusals import SharesOutOfOrder

WHOLE = 100
MOST_HOURS_BEFORE = 720
"""The places of the desk open to everybody 30 days before their start at the earliest."""
MOST_HOURS_ON_THE_DAY = 12
"""Those for people without an appointment open 12 hours before their start, and not before their day."""


class Share(StrEnum):
    """For whom a place is set apart."""

    DESK = "desk"
    """For people who ask at the desk or by telephone."""
    WALK_IN = "walk_in"
    """For people who come on the day without an appointment."""


class Apart(NamedTuple):
    """How many places of a start are set apart."""

    desk: int = 0
    walk_in: int = 0

    @property
    def places(self) -> int:
        """Both together."""
        return self.desk + self.walk_in

    def within(self, places: int) -> Apart:
        """What fits into so many places, the desk first."""
        desk = min(self.desk, places)
        return Apart(desk, min(self.walk_in, places - desk))


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """The shares of a queue in percent of its places, and how many hours before its start each opens to everybody."""

    desk: int = 0
    walk_in: int = 0
    desk_hours: int = 24
    walk_in_hours: int = 0
    """0 = never before the start."""

    def __post_init__(self) -> None:
        orders = {
            "desk": 0 <= self.desk <= WHOLE,
            "walk_in": self.walk_in >= 0 and 0 <= self.desk + self.walk_in <= WHOLE,
            "desk_hours": 0 <= self.desk_hours <= MOST_HOURS_BEFORE,
            "walk_in_hours": 0 <= self.walk_in_hours <= MOST_HOURS_ON_THE_DAY,
        }
        for field, is_right in orders.items():
            if not is_right:
                raise SharesOutOfOrder(field=field)

    @classmethod
    def of(cls, queue: Any) -> Shares:
        """Those of a queue, from a row with its four columns."""
        return cls(
            desk=queue.desk_share,
            walk_in=queue.walk_in_share,
            desk_hours=queue.desk_hours,
            walk_in_hours=queue.walk_in_hours,
        )

    @property
    def hours(self) -> tuple[int, int]:
        """How many hours before their start the places of each share open to everybody."""
        return self.desk_hours, self.walk_in_hours

    def split(self, capacities: Sequence[int]) -> list[Apart]:
        """What is set apart of each start of a day, whose places these are in order of time.

        Together the shares are rounded down, so that everybody never has less than their part. They are spread evenly
        over the day: of 24 places with a share of a quarter every fourth one is set apart, also at a single counter.
        """
        if not self.desk and not self.walk_in:
            return [Apart()] * len(capacities)
        number = desk = walk_in = 0
        found = []
        for capacity in capacities:
            before = (desk, walk_in)
            for _ in range(capacity):
                number += 1
                if number * (self.desk + self.walk_in) // WHOLE <= desk + walk_in:
                    continue
                if number * self.desk - WHOLE * desk >= number * self.walk_in - WHOLE * walk_in:
                    desk += 1
                else:
                    walk_in += 1
            found.append(Apart(desk - before[0], walk_in - before[1]))
        return found

    def of_places(self, places: int) -> Apart:
        """How many of so many places of a day are set apart."""
        return self.split([places])[0]

    def until(self, share: Share, starts_at: datetime, *, zone: str) -> datetime:
        """Until when a place of this start is set apart."""
        if share is Share.DESK:
            return starts_at - timedelta(hours=self.desk_hours)
        midnight = instant_of(local_day_of(starts_at, zone=zone), minutes=0, zone=zone)
        return max(midnight, starts_at - timedelta(hours=self.walk_in_hours))
