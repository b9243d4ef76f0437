"""What the desk may refuse about places and opening hours."""

from __future__ import annotations

from dataclasses import dataclass

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
class KeptLongEnough(Refusal):
    """Places were kept for this chat for as long as one may keep them from others; it can still take a free one."""

    slot_id: int


@dataclass(frozen=True)
class HoursOutOfOrder(Refusal):
    """The hours, the dates, the counters or the minutes for each person make no opening."""

    field: str


@dataclass(frozen=True)
class HoursOverlap(Refusal):
    """Another opening rule of the queue speaks of the same weekday, hours and dates: its places would count twice."""

    rule_id: int
