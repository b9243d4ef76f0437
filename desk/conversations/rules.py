"""What is counted of a chat and for how long, when code look-ups are blocked, and how long a key may be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from desk.periods import USUAL_REST, Rest

LONGEST_KEY = 60
"""The most letters of the stored key of an update."""

MOST_MISSES = 10
"""Codes without a case in one series, after which look-ups are blocked."""

SERIES = timedelta(hours=24)
"""The length of a series of codes without a case, from the first; then the count begins at zero."""


class CounterKind(StrEnum):
    """What is counted of a chat; the counts outlive «erase my data»."""

    UNKNOWN_CODES = "unknown_codes"
    """Codes that were looked up and that no case has."""
    HOLDING = "holding"
    """Holds of places, whose series limits how long a chat may hold at all: see `desk.places.rules`."""
    HOLDS = "holds"
    """Places that were held anew."""
    PEOPLE = "people"
    """People who were added to the chat's list."""
    CANCELLATIONS = "cancellations"
    """Appointments that the person cancelled."""
    FALLEN = "fallen"
    """Appointments that fell, because somebody else held the paper."""
    NAMES = "names"
    """Corrections of a name on appointments ahead."""


HOLDING_SERIES = timedelta(minutes=60)
"""From the first hold of a chat until it may begin another series of holds: see `desk.places.rules`."""

DAY, WEEK = timedelta(hours=24), timedelta(days=7)
SPANS = {
    CounterKind.UNKNOWN_CODES: SERIES,
    CounterKind.HOLDING: HOLDING_SERIES,
    CounterKind.HOLDS: DAY,
    CounterKind.PEOPLE: DAY,
    CounterKind.CANCELLATIONS: WEEK,
    CounterKind.FALLEN: WEEK,
    CounterKind.NAMES: WEEK,
}
"""How long a series of each kind lasts."""


class LimitKind(StrEnum):
    """The limits of a chat, each with the name of its field in `ChatLimits`."""

    APPOINTMENTS = "live_appointments"
    NEW_PEOPLE = "new_people"
    HOLDS = "holds"
    CANCELLATIONS = "cancellations"
    WITHOUT_PAPER = "without_paper"
    NAMES = "corrected_names"


class AllowReason(StrEnum):
    """Why staff allow a chat more, or less."""

    HOUSEHOLD = "household"
    HELPER = "helper"
    OUR_FAULT = "our_fault"
    SIGNS = "signs"
    """Signs that appointments are collected there, which somebody looked at: the only reason to allow less."""


ALLOWED_FOR = timedelta(days=30)
"""How long a raised limit holds."""
MOST_ALLOWED = 30
"""The highest limit that staff can allow a chat."""


@dataclass(frozen=True, slots=True)
class ChatLimits:
    """How much one chat may do, and how long what it gives back rests. An operator sets all but `without_paper`."""

    live_appointments: int = 6
    """Live appointments at once."""
    new_people: int = 5
    """People added to its list in 24 hours."""
    holds: int = 20
    """Places held anew in 24 hours."""
    cancellations: int = 3
    """Appointments cancelled in seven days; after that many the chat books none until the seven days are over."""
    without_paper: int = 1
    """Live appointments for one service of people without a paper."""
    corrected_names: int = 3
    """Names corrected on appointments in seven days; after that many it is for the desk."""
    rest: Rest = USUAL_REST
    """How long a place rests that the chat gave back."""

    def usual(self, kind: LimitKind) -> int:
        """The limit of this kind."""
        return int(getattr(self, kind.value))


USUAL = ChatLimits()
"""The limits where nothing else is set."""


def hour_of(moment: datetime) -> datetime:
    """The hour of a moment: what is kept of when a chat wrote, so that it is found again nowhere else."""
    return moment.replace(minute=0, second=0, microsecond=0)


def rests_until(misses: int, ends_at: datetime | None, *, now: datetime) -> datetime | None:
    """When codes are looked up again; None = they are now."""
    if ends_at is None or misses < MOST_MISSES:
        return None
    return ends_at if now < ends_at else None
