"""The tables of changes that affected appointments, and of the affected appointments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.consequences.rules import ChangeKind, Progress, Remedy, Way, Why
from desk.storage.base import Base, BigInt, Id
from desk.storage.types import Json, UtcDateTime, vocabulary


class Change(Base):
    """A change of hours, places, services or addresses that affected future appointments; other changes have no row."""

    __tablename__ = "changes"

    id: Mapped[Id]
    idem_key: Mapped[str] = mapped_column(String(80), unique=True)
    """The key of the page on which it was confirmed, so that a double press changes once."""
    kind: Mapped[ChangeKind] = mapped_column(vocabulary(ChangeKind, name="kind"))
    subject: Mapped[str] = mapped_column(String(60))
    """The subject in the history: `queue:5`, `holiday:2026-12-01`."""
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """Values for the title of its page, as JSON: `day`, `office`."""
    reason: Mapped[str] = mapped_column(String(200), default="")
    """The reason, in the words that people are told."""
    staff_id: Mapped[int | None] = mapped_column(BigInt)
    carry_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Before that nobody is moved or told, so that the change can be taken back; None = at once."""
    soon_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Those whose time begins before this are moved and told at once, whatever `carry_from` says; None = nobody."""
    others_after: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """No time before this is proposed to them, since it may be taken away by the same change; None = any."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class ChangedAppointment(Base):
    """One appointment that a change affected, and its progress; it names nobody and outlives erasure as a count."""

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
    """The office of the appointment before the change."""
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"))
    """The slot of the appointment before the change."""
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    why: Mapped[Why] = mapped_column(vocabulary(Why, name="why"))
    remedy: Mapped[Remedy | None] = mapped_column(vocabulary(Remedy, name="remedy"))
    """None until somebody decides."""
    step: Mapped[Progress] = mapped_column(vocabulary(Progress, name="step"))
    message_key: Mapped[str | None] = mapped_column(String(120))
    """The outbox key of the message to the person; None = none was sent, for example where no chat is known."""
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the person accepted the change."""
    told_way: Mapped[Way | None] = mapped_column(vocabulary(Way, name="told_way"))
    told_by: Mapped[int | None] = mapped_column(BigInt)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
