"""An appointment as applicants and staff see it, and what stands of it in the chat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from desk.appointments.rules import AppointmentState, AssistanceState, fall_is_told_at, is_ahead
from desk.catalogue.rows import ServiceRow
from desk.codes import TrackingCode
from desk.events.shown import ShowsSomebody
from desk.offices.rows import OfficeRow
from desk.offices.rules import Assistance
from desk.people.rules import DocumentKind


class WishedAssistance(NamedTuple):
    """Something that is wished for at the counter, and what the office said to it."""

    kind: Assistance
    state: AssistanceState


@dataclass(frozen=True, slots=True)
class AppointmentRow(ShowsSomebody):
    """An appointment with office, time, service and person; the person's fields are None after erasure."""

    id: int
    code: TrackingCode
    state: AppointmentState
    is_live: bool
    starts_at: datetime
    day: date
    zone: str
    slot_id: int
    office: OfficeRow
    service: ServiceRow
    person_name: str | None
    person_id: int | None
    document_kind: DocumentKind | None
    identity_last4: str | None
    moves: int
    conversation_id: int | None
    cancel_reason: str | None
    """Why the office cancelled it, in the words the person is told."""
    fell_at: datetime | None
    """When somebody else showed the paper with its number; None = it did not fall."""
    answer_until: datetime | None
    """Until when its time, which the office proposed, is kept for an answer; None = it needs none."""
    has_confirmed: bool
    """The person said that they come at this time."""
    household_id: int | None = None
    """The request by which several were booked."""
    wished: tuple[WishedAssistance, ...] = ()
    """What the person wishes for at the counter."""
    is_walk_in: bool = False
    """It was given at the door as a number for its day: `starts_at` is that of its place, and no time to come."""
    is_named: bool = True
    """False = its day lies outside the days whose names the reader sees, and the person's fields are left out."""

    def is_ahead(self, *, now: datetime) -> bool:
        """Whether it is still to come (`rules.is_ahead`)."""
        return is_ahead(self.state, self.starts_at, now=now)

    @property
    def is_of_desk_to_come(self) -> bool:
        """Whether it was taken at a desk and not by a chat, and is booked, so that the desk changes it."""
        return self.conversation_id is None and self.is_live and self.state is AppointmentState.BOOKED

    def fall_is_told(self, *, now: datetime) -> bool:
        """Whether it fell and the chat may be told why (`rules.fall_is_told_at`)."""
        return self.fell_at is not None and now >= fall_is_told_at(self.fell_at, self.starts_at, zone=self.zone)

    @property
    def shows(self) -> str:
        return f"appointment:{self.id}"


@dataclass(frozen=True, slots=True)
class LastAppointment:
    """The last booking of a chat: service, office and person, to suggest for the next."""

    service_id: int
    office_id: int
    person_id: int | None


class StandingMessage(NamedTuple):
    """A ticket, a reminder or a proposed time as it stands in the chat; `moves` as the appointment then had."""

    message_id: str
    moves: int
    is_ticket: bool
    is_proposal: bool


class Validity(NamedTuple):
    """What the code of an appointment tells to everybody."""

    is_valid: bool
    """False = cancelled, done, or its day is over; the reason is its person's alone."""
    service: ServiceRow
    office: OfficeRow
    day: date
    """The local day at the office."""
