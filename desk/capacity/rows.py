"""The plain rows that queries and actions of capacity return."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from desk.capacity.rules import DayHours, ExceptionKind
from desk.capacity.shares import Shares
from desk.language.text import Localised
from desk.offices.rows import OfficeRow
from desk.values import LocalDay


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A slot with free places; `day` and the time of day are local to the office's `zone`."""

    slot_id: int
    office_id: int
    queue_id: int
    starts_at: datetime
    day: date
    zone: str
    remaining: int


class TogetherAt(NamedTuple):
    """The places of a household at one office and day: the slot of each of its people, in their order.

    One alone where one place serves all of them.
    """

    slots: tuple[FreeSlot, ...]

    @property
    def first(self) -> FreeSlot:
        """The slot with which they begin."""
        return self.slots[0]


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A day with free places at one office: their number and the first slot."""

    day: date
    free: int | None
    first: FreeSlot


@dataclass(frozen=True, slots=True)
class Opening:
    """A day with free places that opens for booking only at `opens`, by the clock of the office's `zone`."""

    day: date
    opens: datetime
    zone: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The first free slot of another office; `km` None = the distance is not known."""

    office: OfficeRow
    slot: FreeSlot
    km: float | None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A queue of an office with the ids of the services it is tied to, also of those withheld from the office."""

    id: int
    office_id: int
    name: Localised
    is_active: bool
    service_ids: tuple[int, ...]
    shares: Shares
    """Which of its places are set apart."""
    per_household: tuple[Localised, ...] = ()
    """Those of its services of which one visit serves a household."""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A weekly opening rule; hours in minutes after local midnight, Saturday = 0."""

    id: int
    queue_id: int
    weekday: int
    opens: int
    closes: int
    minutes_per_person: int
    counters: int
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """A day that differs from the weekly rules."""

    id: int
    queue_id: int
    day: date
    kind: ExceptionKind
    hours: tuple[DayHours, ...]
    counters: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class HolidayRow:
    """A public holiday; `province_code` None = the whole country."""

    id: int
    day: date
    name: Localised
    is_confirmed: bool
    is_closed: bool
    province_code: str | None


@dataclass(frozen=True, slots=True)
class Changed:
    """What making slots did: counts of made, changed and closed slots, and ids of slots with more people than
    places."""

    made: int
    changed: int
    closed: int
    kept_over: tuple[int, ...]


WEEK = 7

Ranges = tuple[tuple[int, int], ...]
"""Opening and closing times in minutes after local midnight, in order and apart; empty = closed."""


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A day with the usual hours of its weekday and the hours that hold on it."""

    day: LocalDay
    usual: Ranges
    hours: Ranges

    @property
    def differs(self) -> bool:
        """Whether its hours differ from the usual ones of its weekday."""
        return self.usual != self.hours


def week_of(days: Sequence[OpenDay]) -> list[tuple[list[tuple[int, int]], Ranges]]:
    """The different hours of a usual week, each with the runs of weekdays (first, last; Saturday = 0) that have them.

    Weekdays that are usually closed are left out.
    """
    usual = {each.day.weekday: each.usual for each in days}
    found: dict[Ranges, list[tuple[int, int]]] = {}
    for weekday in range(WEEK):
        if not (hours := usual.get(weekday, ())):
            continue
        runs = found.setdefault(hours, [])
        if runs and runs[-1][1] == weekday - 1:
            runs[-1] = (runs[-1][0], weekday)
        else:
            runs.append((weekday, weekday))
    return [(runs, hours) for hours, runs in found.items()]
