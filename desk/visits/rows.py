"""The plain rows of the day's list of an office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from desk.appointments.rows import WishedAssistance
from desk.appointments.rules import AppointmentState
from desk.codes import TrackingCode
from desk.events.shown import ShowsSomebody
from desk.language.text import Localised
from desk.people.rules import DocumentKind
from desk.visits.rules import Outcome


@dataclass(frozen=True, slots=True)
class DayRow(ShowsSomebody):
    """One appointment of the day; the person's fields are None after erasure."""

    appointment_id: int
    digits: str
    """Of the tracking code."""
    starts_at: datetime
    zone: str
    person_name: str | None
    identity_last4: str | None
    document_kind: DocumentKind | None
    service: Localised
    """The service's short title."""
    state: AppointmentState
    arrived_at: datetime | None
    outcome: Outcome | None
    come_back_on: date | None
    note: str | None
    is_named_twice: bool
    """Another chat has a live appointment with the same number for the same service."""
    is_walk_in: bool
    """The place was given at the door: the person is called by a number, whatever the time of the place."""
    has_confirmed: bool
    """The person said that they will come at this time."""
    household: tuple[int, int | None] | None
    """The request by which several were booked, and their chat: who has the same comes together; None = booked
    alone."""

    wished: tuple[WishedAssistance, ...] = ()
    """What the person wishes for at the counter."""

    @property
    def code(self) -> TrackingCode:
        return TrackingCode(self.digits)

    @property
    def shows(self) -> str:
        return f"appointment:{self.appointment_id}"
