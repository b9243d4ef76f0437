"""Absences and days without outcomes as pages and chats read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from desk.absences.rules import AbsenceState, UpheldWhy
from desk.codes import TrackingCode
from desk.deadlines.rows import CurrentDeadline
from desk.events.shown import ShowsSomebody
from desk.language.text import Localised


@dataclass(frozen=True, slots=True)
class AbsenceRow(ShowsSomebody):
    """A recorded absence with its appointment; nobody is named."""

    id: int
    appointment_id: int
    digits: str
    """Of the tracking code."""
    starts_at: datetime
    day: date
    zone: str
    service: Localised
    office_id: int
    office: Localised
    office_code: str
    state: AbsenceState
    recorded_at: datetime
    recorded_by: int | None
    recorder: str | None
    answered_at: datetime | None
    decided_at: datetime | None
    decider: str | None
    why: UpheldWhy | None
    due: CurrentDeadline | None
    """Until when it is decided."""

    @property
    def code(self) -> TrackingCode:
        return TrackingCode(self.digits)

    @property
    def shows(self) -> str:
        return f"appointment:{self.appointment_id}"


@dataclass(frozen=True, slots=True)
class DayUnrecorded:
    """A past day of an office with the number of appointments whose outcome is missing."""

    office_id: int
    office: Localised
    office_code: str
    day: date
    number: int


@dataclass(frozen=True, slots=True)
class Unrecorded(ShowsSomebody):
    """A past appointment without an outcome; the name is None where the reader does not see those of its day."""

    appointment_id: int
    digits: str
    starts_at: datetime
    zone: str
    service: Localised
    has_arrived: bool
    person_name: str | None

    @property
    def code(self) -> TrackingCode:
        return TrackingCode(self.digits)

    @property
    def shows(self) -> str:
        return f"appointment:{self.appointment_id}"


class LastAbsence(NamedTuple):
    """What was recorded last of an appointment, and what became of it."""

    state: AbsenceState
    recorded_at: datetime
    why: UpheldWhy | None
