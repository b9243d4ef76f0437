"""The tables of days off duty, and of what the directorate says of those who keep order."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.organisation import LONGEST_PATH
from desk.rosters.rules import LONGEST_CONDITIONS
from desk.storage.base import Base, BigInt
from desk.storage.types import sort_key


class DayOffDuty(Base):
    """Somebody with a role at the office is not on duty on this day; no reason is kept.

    Without a row they are on duty on each day on which the office works.
    """

    __tablename__ = "duty_days_off"
    __table_args__ = (Index("ix_duty_days_off_day", "day"),)

    office_id: Mapped[int] = mapped_column(BigInt, ForeignKey("offices.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(BigInt, ForeignKey("staff_members.id"), primary_key=True)


class MarshalConditions(Base):
    """Whom an area wants as marshals of its offices; without a row that is not announced."""

    __tablename__ = "marshal_conditions"

    area: Mapped[str] = mapped_column(sort_key(LONGEST_PATH), ForeignKey("areas.path"), primary_key=True)
    conditions: Mapped[str] = mapped_column(String(LONGEST_CONDITIONS))
