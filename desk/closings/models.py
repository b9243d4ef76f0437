"""The tables of closings and of their days."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.closings.rules import DayStep
from desk.storage.base import Base, BigInt, Id
from desk.storage.types import Json, UtcDateTime, vocabulary


class StaffClosing(Base):
    """Hours, counters or days that were closed or opened at several queues at once; the change says why."""

    __tablename__ = "closings"

    change_id: Mapped[int] = mapped_column(BigInt, ForeignKey("changes.id"), primary_key=True, autoincrement=False)
    wish: Mapped[dict[str, Any]] = mapped_column(Json)
    """What is done with each day (`desk.capacity.cutting.DayCut`), as JSON."""
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[int | None] = mapped_column(BigInt)


class ClosedDay(Base):
    """One day of one queue that a closing changes."""

    __tablename__ = "closed_days"
    __table_args__ = (
        UniqueConstraint("change_id", "queue_id", "day"),
        Index(
            "ix_closed_days_open",
            "id",
            sqlite_where=text("step IN ('waiting', 'back')"),
            postgresql_where=text("step IN ('waiting', 'back')"),
        ),
    )

    id: Mapped[Id]
    change_id: Mapped[int] = mapped_column(ForeignKey("closings.change_id"))
    queue_id: Mapped[int] = mapped_column(ForeignKey("queues.id"))
    day: Mapped[date]
    step: Mapped[DayStep] = mapped_column(vocabulary(DayStep, name="step"))
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """What the day had been given before (kind, hours, counters, reason); None = it was as usual."""
    after: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """What it was given, by which a later change of somebody else is known."""
