"""The refusals about shifts and alarms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desk.refusals import Refusal


@dataclass(frozen=True)
class ShiftOutOfOrder(Refusal):
    """A shift ends after it began, on the same day, not in the future and not long ago."""


@dataclass(frozen=True)
class ShiftsOverlap(Refusal):
    """The same person has another shift at this time."""


@dataclass(frozen=True)
class CrowdKnown(Refusal):
    """The manager and the directorate were told a moment ago."""

    at: datetime
    zone: str
