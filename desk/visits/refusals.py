"""The refusals about a visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from desk.appointments.rules import AppointmentState
from desk.refusals import Refusal


@dataclass(frozen=True)
class ReasonMissing(Refusal):
    """The names of a day outside the own window are shown for a reason in words, without numbers."""


@dataclass(frozen=True)
class DateMissing(Refusal):
    """«Come back» needs a day after the day of the visit."""

    appointment_id: int


@dataclass(frozen=True)
class NotRecordable(Refusal):
    """An appointment in this state cannot be recorded or undone in this way."""

    appointment_id: int
    state: AppointmentState


@dataclass(frozen=True)
class NotYetTheDay(Refusal):
    """The day of the appointment has not come, so nobody can have arrived or been absent."""

    appointment_id: int
    day: date


@dataclass(frozen=True)
class NotYetTheHour(Refusal):
    """The hour of the appointment has not come: the person may still be on the way."""

    appointment_id: int
    starts_at: datetime
    zone: str


@dataclass(frozen=True)
class TooManyWrongNumbers(Refusal):
    """As many wrong numbers as are compared were typed for one appointment; the next is compared then."""

    until: datetime


@dataclass(frozen=True)
class TooManyAtDesk(Refusal):
    """This account booked as many appointments at the desk within an hour as it may."""

    most: int
    until: datetime


@dataclass(frozen=True)
class OfAChat(Refusal):
    """The appointment belongs to a chat: it is moved and given back there."""

    appointment_id: int
