"""Reads, in one statement, what moving or cancelling an appointment needs."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, select

from desk.appointments.booking import appointments
from desk.appointments.models import Household
from desk.appointments.proposals import OF_ITS_TIME, proposals
from desk.appointments.rules import UNANSWERED, AppointmentState, ProposalState, times_proposed
from desk.capacity.shares import Share
from desk.conversations.models import Conversation
from desk.offices.models import Office
from desk.outbox.rules import Recipient
from desk.places.claims import HeldPlace
from desk.storage.base import WriteSession
from desk.storage.locks import hold
from desk.storage.upsert import table_of


class AppointmentToChange(NamedTuple):
    """The values of an appointment that moving or cancelling it needs."""

    id: int
    code: str
    slot_id: int
    starts_at: datetime
    day: date
    zone: str
    office_id: int
    service_id: int
    state: AppointmentState
    is_live: bool
    moves: int
    person_id: int | None
    conversation_id: int | None
    household_id: int | None
    shares_place: bool
    """Whether its household takes one place of a slot together."""
    has_place: bool
    is_counted: bool
    share: Share | None
    office_reason: str | None
    proposal: ProposalState | None
    """What became of the proposal of its present time; None = the office did not propose it."""
    nth: int | None
    address: Recipient | None

    @property
    def is_proposed(self) -> bool:
        """Whether the office proposed its present time and the person has not answered."""
        return self.proposal in UNANSWERED

    @property
    def times_proposed(self) -> int:
        """How many times the office has proposed without an answer between them."""
        return times_proposed(self.proposal, self.nth)

    @property
    def counts_for(self) -> int | None:
        """The service for whose quota of the day its place counts; None = for none."""
        return self.service_id if self.is_counted else None

    @property
    def held(self) -> HeldPlace:
        """Its place, to be given back or taken over."""
        return HeldPlace(self.slot_id, self.counts_for)

    @property
    def holder(self) -> str:
        """What its place is called while it rests; another after each move."""
        return f"appointment:{self.id}:{self.moves}"


_chats, _households = table_of(Conversation), table_of(Household)
_ONE = (
    select(
        *appointments.c["id", "code", "slot_id", "starts_at", "day", "office_id", "service_id", "state", "is_live"],
        *appointments.c["moves", "person_id", "conversation_id", "household_id", "has_place", "is_counted", "share"],
        appointments.c.office_reason,
        _households.c.shares_place,
        proposals.c.state.label("proposal"),
        proposals.c.nth,
        *_chats.c["channel", "bot"],
        Office.zone,
    )
    .join(Office, Office.id == appointments.c.office_id)
    .outerjoin(_chats, _chats.c.id == appointments.c.conversation_id)
    .outerjoin(proposals, OF_ITS_TIME)
    .outerjoin(_households, _households.c.id == appointments.c.household_id)
    .where(appointments.c.id == bindparam("appointment"))
)


def appointment_to_change(session: WriteSession, *, appointment_id: int) -> AppointmentToChange | None:
    """The appointment in its present state; None where the id is unknown.

    Where its household shares a place, nobody else changes who has it until the transaction ends.
    """
    found = session.execute(_ONE, {"appointment": appointment_id}).one_or_none()
    if found is not None and found.shares_place:
        hold(session, subject=f"household:{found.household_id}")
        found = session.execute(_ONE, {"appointment": appointment_id}).one_or_none()
    if found is None:
        return None
    return AppointmentToChange(
        id=found.id,
        code=found.code,
        slot_id=found.slot_id,
        starts_at=found.starts_at,
        day=found.day,
        zone=found.zone,
        office_id=found.office_id,
        service_id=found.service_id,
        state=found.state,
        is_live=found.is_live,
        moves=found.moves,
        person_id=found.person_id,
        conversation_id=found.conversation_id,
        household_id=found.household_id,
        shares_place=bool(found.shares_place),
        has_place=found.has_place,
        is_counted=found.is_counted,
        share=found.share,
        office_reason=found.office_reason,
        proposal=found.proposal,
        nth=found.nth,
        address=Recipient(found.channel, found.bot, found.conversation_id) if found.channel else None,
    )


def as_read(appointment: AppointmentToChange) -> ColumnElement[bool]:
    """The condition that nobody has changed its state or its time since it was read."""
    c = appointments.c
    return and_(c.id == appointment.id, c.state == appointment.state, c.slot_id == appointment.slot_id)
