"""The tables of recorded absences, and of days of which an office was told that outcomes are missing."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.absences.rules import AbsenceState, UpheldWhy
from desk.storage.base import Base, BigInt, Id
from desk.storage.types import UtcDateTime, vocabulary


class Absence(Base):
    """An absence as one clerk recorded it, what the person said to it, and what another of the staff decided."""

    __tablename__ = "absences"
    __table_args__ = (
        UniqueConstraint("appointment_id", "nth"),
        CheckConstraint("(decided_at IS NULL) = (state NOT IN ('overturned', 'upheld'))", name="decided"),
        CheckConstraint("(why IS NOT NULL) = (state = 'upheld')", name="given"),
        Index(
            "ix_absences_objected",
            "office_id",
            sqlite_where=text("state = 'objected'"),
            postgresql_where=text("state = 'objected'"),
        ),
        Index("ix_absences_decided_at", "decided_at"),
    )

    id: Mapped[Id]
    appointment_id: Mapped[int] = mapped_column(BigInt, ForeignKey("appointments.id"))
    nth: Mapped[int] = mapped_column(SmallInteger)
    """The number of the outcome among those of the appointment: it may be taken back and recorded again."""
    office_id: Mapped[int] = mapped_column(BigInt, ForeignKey("offices.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(BigInt)
    state: Mapped[AbsenceState] = mapped_column(vocabulary(AbsenceState, name="state"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the person said that they were there, or that they could not come."""
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(BigInt)
    why: Mapped[UpheldWhy | None] = mapped_column(vocabulary(UpheldWhy, name="why"))


class UnrecordedDay(Base):
    """A past day with appointments that nobody recorded, of which the office was told; its deadline says since when.

    The row stays when all are recorded, so that nobody is told twice of one day.
    """

    __tablename__ = "unrecorded_days"
    __table_args__ = (UniqueConstraint("office_id", "day"),)

    id: Mapped[Id]
    office_id: Mapped[int] = mapped_column(BigInt, ForeignKey("offices.id"))
    day: Mapped[date]
