"""What the queries and actions of capacity hand out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from desk.capacity.rules import ExceptionKind
from desk.language.text import Localised
from desk.offices.rows import OfficeRow


@dataclass(frozen=True, slots=True)
class FreeSlot:
    """A start with free places; `day` and the clock are those of the office's `zone`."""

    slot_id: int
    office_id: int
    queue_id: int
    starts_at: datetime
    day: date
    zone: str
    remaining: int


@dataclass(frozen=True, slots=True)
class FreeDay:
    """A day with free places at one office: how many, and the first of them."""

    day: date
    free: int | None
    first: FreeSlot


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The first free time of another office; `km` None = the distance isn't known."""

    office: OfficeRow
    slot: FreeSlot
    km: float | None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A queue of an office with the ids of the services it serves."""

    id: int
    office_id: int
    name: Localised
    is_active: bool
    service_ids: tuple[int, ...]


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
    opens: int | None
    closes: int | None
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
    """What a materialisation did: slots made, changed, closed, and ids of slots with more takers than planned."""

    made: int
    changed: int
    closed: int
    kept_over: tuple[int, ...]
