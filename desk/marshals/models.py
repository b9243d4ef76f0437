"""The tables of shifts of those who keep order, of alarms that a crowd has formed, and of who has seen these."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.storage.base import Base, BigInt, Id
from desk.storage.types import UtcDateTime


class MarshalShift(Base):
    """Somebody keeps order at an office; without an end they still do."""

    __tablename__ = "marshal_shifts"
    __table_args__ = (
        CheckConstraint("ended_at > began_at", name="times"),
        Index("ix_marshal_shifts_day", "office_id", "day"),
        Index(
            "uq_marshal_shifts_open",
            "office_id",
            "staff_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[Id]
    office_id: Mapped[int] = mapped_column(BigInt, ForeignKey("offices.id"))
    staff_id: Mapped[int] = mapped_column(BigInt, ForeignKey("staff_members.id"))
    day: Mapped[date]
    """The local day of the office on which it began."""
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    entered_by: Mapped[int | None] = mapped_column(BigInt)
    """Who wrote it: the person by a press, or the manager."""


class CrowdAlarm(Base):
    """Somebody at the office said that a crowd has formed."""

    __tablename__ = "crowd_alarms"
    __table_args__ = (
        Index("ix_crowd_alarms_office_id", "office_id", "raised_at"),
        Index("ix_crowd_alarms_raised_at", "raised_at"),
    )

    id: Mapped[Id]
    office_id: Mapped[int] = mapped_column(BigInt, ForeignKey("offices.id"))
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    raised_by: Mapped[int | None] = mapped_column(BigInt)


class AlarmSeen(Base):
    """One of those who are told has seen the alarm."""

    __tablename__ = "crowd_alarms_seen"

    alarm_id: Mapped[int] = mapped_column(BigInt, ForeignKey("crowd_alarms.id"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(BigInt, ForeignKey("staff_members.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
