"""The tables of appointments, of those booked by one request, of what people wish for at the counter, and of the times
that an office proposed instead.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column

from desk.appointments.rules import AppointmentState, AssistanceState, ProposalState
from desk.capacity.shares import Share
from desk.people.rules import DocumentKind
from desk.storage.base import Base, BigInt, Id
from desk.storage.types import UtcDateTime, vocabulary

UNRECORDED = "NOT is_live AND state IN ('booked', 'arrived')"
"""An appointment whose day is over, or that was booked anew, and that has no outcome."""


class Household(Base):
    """Appointments that were booked by one request, all or none. It names nobody: who they are stands in their rows."""

    __tablename__ = "households"
    __table_args__ = (CheckConstraint("people > 1", name="people"),)

    id: Mapped[Id]
    people: Mapped[int] = mapped_column(SmallInteger)
    """How many appointments were booked by it; none of them ever leaves it."""
    shares_place: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether its people take one place of a slot together; it stays so, also where their service is set anew."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Appointment(Base):
    """An appointment of one person; one live one per person and service, across offices and messengers.

    A person who types a number need not hold its paper. So a second chat may have one contested appointment beside it,
    and the clerk who sees the original decides; one chat never has two.

    After erasure, or after its period, `person_id`, `conversation_id` and `name_sealed` are None: the row still counts
    and identifies nobody.
    """

    __tablename__ = "appointments"
    __table_args__ = (
        Index(
            "uq_appointments_live",
            "person_id",
            "service_id",
            unique=True,
            sqlite_where=text("is_live AND NOT is_contested"),
            postgresql_where=text("is_live AND NOT is_contested"),
        ),
        Index(
            "uq_appointments_contested",
            "person_id",
            "service_id",
            unique=True,
            sqlite_where=text("is_live AND is_contested"),
            postgresql_where=text("is_live AND is_contested"),
        ),
        Index(
            "uq_appointments_live_in_chat",
            "conversation_id",
            "person_id",
            "service_id",
            unique=True,
            sqlite_where=text("is_live"),
            postgresql_where=text("is_live"),
        ),
        *(
            Index(
                f"uq_appointments_{name}",
                *columns,
                unique=True,
                sqlite_where=text(f"link_id IS NOT NULL AND {which}"),
                postgresql_where=text(f"link_id IS NOT NULL AND {which}"),
            )
            for name, columns, which in (
                ("live_of_link", ("link_id", "service_id"), "is_live AND NOT is_contested"),
                ("contested_of_link", ("link_id", "service_id"), "is_live AND is_contested"),
                ("live_of_link_in_chat", ("conversation_id", "link_id", "service_id"), "is_live"),
            )
        ),
        Index("ix_appointments_office_day", "office_id", "day"),
        Index("ix_appointments_slot_id", "slot_id"),
        Index("ix_appointments_conversation_id", "conversation_id"),
        Index("ix_appointments_person_id", "person_id"),
        Index(
            "ix_appointments_household_id",
            "household_id",
            sqlite_where=text("household_id IS NOT NULL"),
            postgresql_where=text("household_id IS NOT NULL"),
        ),
        Index(
            "ix_appointments_unrecorded",
            "office_id",
            "day",
            sqlite_where=text(UNRECORDED),
            postgresql_where=text(UNRECORDED),
        ),
        Index(
            "ix_appointments_named_day",
            "day",
            sqlite_where=text("person_id IS NOT NULL"),
            postgresql_where=text("person_id IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(9), unique=True)
    idem_key: Mapped[str] = mapped_column(String(80), unique=True)
    """Made of the conversation, its run and its step, so that a double tap gives the same key."""
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    link_id: Mapped[int | None] = mapped_column(BigInt)
    """The link of the person's papers, under which it counts as one of theirs; None = their papers are not linked, or
    it is the second of two of which they have not said which stays. No foreign key: it is that of the person, as
    `verify` asks."""
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    name_sealed: Mapped[bytes | None]
    """The person's name, encrypted with the tracking code as its row: `desk.appointments.stored`."""
    document_kind: Mapped[DocumentKind | None] = mapped_column(vocabulary(DocumentKind, name="document_kind"))
    state: Mapped[AppointmentState] = mapped_column(vocabulary(AppointmentState, name="state"))
    is_live: Mapped[bool]
    """True while the state is a live one and the day is not over; an unrecorded one of a past day blocks no new
    booking."""
    is_contested: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True = another chat had a live appointment for this person and service when this one was booked."""
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    day: Mapped[date]
    """The local day at the office."""
    household_id: Mapped[int | None] = mapped_column(ForeignKey("households.id"))
    """The request by which several were booked; None = booked alone. They come together where the chat, the office and
    the day are the same too: `desk.appointments.households`."""
    has_place: Mapped[bool] = mapped_column(default=True, server_default=true())
    """False = another one of its household at its slot has the place for both: `desk.appointments.one_place`."""
    share: Mapped[Share | None] = mapped_column(vocabulary(Share, name="share"))
    """The share of its slot whose place it holds; None = one that everybody could book."""
    is_counted: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether its place is one of the quota that its service has on the day at the queue."""
    moves: Mapped[int] = mapped_column(default=0)
    """How often it was moved; part of the keys of its messages."""
    office_reason: Mapped[str | None] = mapped_column(String(200))
    """Why the office last changed it, in the words the person is told; None where the person changed it."""
    fell_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When somebody else showed the paper with its number, and it fell; None = it did not."""
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the question whether the person comes at the present time was written; None = it was not."""
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the person said that they come at the present time; None = they did not say."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AppointmentAssistance(Base):
    """What the person of an appointment wishes for at the counter; it is deleted once the day is over.

    Each column is named as a kind of `Assistance`; None = not wished for.
    """

    __tablename__ = "appointment_assistance"
    __table_args__ = (CheckConstraint("COALESCE(woman_clerk, pashto, arabic) IS NOT NULL", name="wishes"),)

    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"), primary_key=True, autoincrement=False)
    woman_clerk: Mapped[AssistanceState | None] = mapped_column(vocabulary(AssistanceState, name="woman_clerk"))
    pashto: Mapped[AssistanceState | None] = mapped_column(vocabulary(AssistanceState, name="pashto"))
    arabic: Mapped[AssistanceState | None] = mapped_column(vocabulary(AssistanceState, name="arabic"))
    answered_at_moves: Mapped[int | None]
    """How often the appointment had been moved when the office answered: an answer is for that time alone."""


class Proposal(Base):
    """The time that the office proposes for one that it took away; the appointment itself holds the place."""

    __tablename__ = "proposals"
    __table_args__ = (
        UniqueConstraint("appointment_id", "moves"),
        Index(
            "ix_proposals_until",
            "until",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[Id]
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"))
    moves: Mapped[int]
    """How often the appointment had been moved with this time; it names the time among those it had."""
    nth: Mapped[int] = mapped_column(SmallInteger)
    """1, or 2 where the proposed time was taken away too before the person answered."""
    state: Mapped[ProposalState] = mapped_column(vocabulary(ProposalState, name="state"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when an answer is awaited; None = none is needed."""
    over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
