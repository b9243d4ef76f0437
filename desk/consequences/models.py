"""A change that hit people, and each appointment it hit with what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.consequences.rules import Kind, Remedy, Step, Way, Why
from desk.storage.base import Base, BigInt, Id
from desk.storage.types import Json, UtcDateTime, vocabulary


class Change(Base):
    """A change of hours, places, services or addresses that hit appointments ahead. One that hit nobody has no row."""

    __tablename__ = "changes"

    id: Mapped[Id]
    idem_key: Mapped[str] = mapped_column(String(80), unique=True)
    """Of the sheet it was confirmed on, so that a double press changes once."""
    kind: Mapped[Kind] = mapped_column(vocabulary(Kind, name="kind"))
    subject: Mapped[str] = mapped_column(String(60))
    """What was changed, as the audit calls it: `queue:5`, `holiday:2026-12-01`."""
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """What the tally's title says, as JSON values: `day`, `office`."""
    reason: Mapped[str] = mapped_column(String(200), default="")
    """Why, in the words that the people are told."""
    staff_id: Mapped[int | None] = mapped_column(BigInt)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ChangedAppointment(Base):
    """One appointment that a change hit, and how far it is. Names nobody: after erasure it only counts."""

    __tablename__ = "changed_turns"
    __table_args__ = (
        UniqueConstraint("change_id", "appointment_id"),
        Index("ix_changed_turns_appointment_id", "appointment_id"),
        Index("ix_changed_turns_office_id", "office_id", "change_id"),
        Index(
            "ix_changed_turns_waiting",
            "id",
            sqlite_where=text("step = 'waiting'"),
            postgresql_where=text("step = 'waiting'"),
        ),
    )

    id: Mapped[Id]
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"))
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"))
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    """Where the appointment was when it was hit."""
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"))
    """The time it had when it was hit."""
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    why: Mapped[Why] = mapped_column(vocabulary(Why, name="why"))
    remedy: Mapped[Remedy | None] = mapped_column(vocabulary(Remedy, name="remedy"))
    """None as long as nobody has decided."""
    step: Mapped[Step] = mapped_column(vocabulary(Step, name="step"))
    message_key: Mapped[str | None] = mapped_column(String(120))
    """The outbox key of what the person was told; None = nothing, such as where no chat is known."""
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the person pressed that it is all right."""
    told_way: Mapped[Way | None] = mapped_column(vocabulary(Way, name="told_way"))
    told_by: Mapped[int | None] = mapped_column(BigInt)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
