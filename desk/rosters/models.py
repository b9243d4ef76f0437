"""The tables of days off duty, and of what the directorate says of those who keep order."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.organisation import LONGEST_PATH
from desk.rosters.rules import LONGEST_CONDITIONS, LeaveState
from desk.storage.base import Base, BigInt, Id
from desk.storage.types import UtcDateTime, sort_key, vocabulary


class DayOffDuty(Base):
    """Somebody with a role at the office is not on duty on this day; no reason is kept.

    Without a row they are on duty on each day on which the office works.
    """

    __tablename__ = "duty_days_off"
    __table_args__ = (Index("ix_duty_days_off_day", "day"),)

    office_id: Mapped[int] = mapped_column(BigInt, ForeignKey("offices.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(BigInt, ForeignKey("staff_members.id"), primary_key=True)


class Leave(Base):
    """Days off for which somebody asked, and what the manager said; granted days stand in `DayOffDuty` besides."""

    __tablename__ = "leaves"
    __table_args__ = (
        CheckConstraint("last >= first", name="days"),
        CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name="decided"),
        Index("ix_leaves_office_id", "office_id", "state"),
        Index("ix_leaves_staff_id", "staff_id", "last"),
        Index("ix_leaves_last", "last"),
    )

    id: Mapped[Id]
    office_id: Mapped[int] = mapped_column(BigInt, ForeignKey("offices.id"))
    staff_id: Mapped[int] = mapped_column(BigInt, ForeignKey("staff_members.id"))
    first: Mapped[date]
    last: Mapped[date]
    state: Mapped[LeaveState] = mapped_column(vocabulary(LeaveState, name="state"))
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Why somebody asks, in their own words; nobody has to say it."""
    word_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What the manager says to it."""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was granted, declined or withdrawn."""
    decided_by: Mapped[int | None] = mapped_column(BigInt)


class ToldDay(Base):
    """A working day without a marshal of which the office was told; its deadline says since when, and whether one came.

    The row stays when a marshal is found, so that nobody is told twice of one day.
    """

    __tablename__ = "unkept_days"
    __table_args__ = (UniqueConstraint("office_id", "day"), Index("ix_unkept_days_day", "day"))

    id: Mapped[Id]
    office_id: Mapped[int] = mapped_column(BigInt, ForeignKey("offices.id"))
    day: Mapped[date]


class MarshalConditions(Base):
    """Whom an area wants as marshals of its offices; without a row that is not announced."""

    __tablename__ = "marshal_conditions"

    area: Mapped[str] = mapped_column(sort_key(LONGEST_PATH), ForeignKey("areas.path"), primary_key=True)
    conditions: Mapped[str] = mapped_column(String(LONGEST_CONDITIONS))
