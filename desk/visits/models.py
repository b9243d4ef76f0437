"""The table of visits."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.storage.base import Base, BigInt, Id
from desk.storage.types import UtcDateTime, vocabulary
from desk.visits.rules import Outcome


class Visit(Base):
    """The arrival and the outcome of an appointment, each with the clerk who recorded it; «come back» always has a
    date."""

    __tablename__ = "visits"
    __table_args__ = (
        Index(
            "ix_visits_noted",
            "appointment_id",
            sqlite_where=text("note_sealed IS NOT NULL"),
            postgresql_where=text("note_sealed IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"), unique=True)
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    arrived_by: Mapped[int | None] = mapped_column(BigInt)
    outcome: Mapped[Outcome | None] = mapped_column(vocabulary(Outcome, name="outcome"))
    outcome_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome_by: Mapped[int | None] = mapped_column(BigInt)
    come_back_on: Mapped[date | None]
    note_sealed: Mapped[bytes | None]
    """The clerk's note, encrypted: `desk.visits.stored`."""
