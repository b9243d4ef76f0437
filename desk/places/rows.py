"""The plain rows of places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from desk.capacity.rules import DayHours
from desk.language.text import Localised


@dataclass(frozen=True, slots=True)
class GridCell:
    """One queue on one day: planned, booked, held, resting, set apart and free places.

    `is_closed` = by rule nothing can be booked.
    """

    queue_id: int
    queue_name: Localised
    day: date
    capacity: int
    booked: int
    held: int
    resting: int
    """Given back by somebody, and not offered again yet."""
    apart: int
    """Set apart for the desk and for people without an appointment, and not booked."""
    free: int
    is_closed: bool
    reason: str
    """The reason of the day's exception, as staff wrote it; empty where there is none."""
    holiday: Localised | None
    hours: tuple[DayHours, ...] = ()
    """The ranges of a day whose hours differ from the usual ones; none = the usual ones, or it is closed."""
    counters: int | None = None
    """The counters of the whole day where they alone differ."""
