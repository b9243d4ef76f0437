"""What the desk may refuse about places and opening hours."""

from __future__ import annotations

from dataclasses import dataclass

from desk.capacity.rules import Doubt
from desk.refusals import Refusal


@dataclass(frozen=True)
class SlotTaken(Refusal):
    """The last place at this time was taken by somebody else, or the time was closed."""

    slot_id: int


@dataclass(frozen=True)
class SlotPassed(Refusal):
    """The time already lies in the past."""

    slot_id: int


@dataclass(frozen=True)
class HoursOutOfOrder(Refusal):
    """The hours, the dates, the counters or the minutes for each person make no opening."""

    field: str


@dataclass(frozen=True)
class HoursOverlap(Refusal):
    """Another opening rule of the queue speaks of the same weekday, hours and dates: its places would count twice."""

    rule_id: int


@dataclass(frozen=True)
class NotPlausible(Refusal):
    """The hours are possible but hardly meant: so many places a day, and why that is doubted. Said again, they hold."""

    places: int
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True)
class TooFarAhead(Refusal):
    """The time lies beyond the days that can be booked."""

    slot_id: int


@dataclass(frozen=True)
class NotBookable(Refusal):
    """The service is information only, or it cannot be undone; no appointment exists for it."""

    service_id: int


@dataclass(frozen=True)
class ServiceNotOffered(Refusal):
    """The queue of this time does not serve this service, or it or its office is out of use."""

    service_id: int
    slot_id: int
