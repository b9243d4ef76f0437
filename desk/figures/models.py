"""The table of the figures of each queue and day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from desk.storage.base import Base, BigInt
from desk.storage.types import UtcDateTime


class DayFigures(Base):
    """The places of one queue on one day as they were counted at `counted_at`; numbers that name nobody."""

    __tablename__ = "day_figures"
    __table_args__ = (
        CheckConstraint(
            "planned >= 0 AND released >= 0 AND taken >= 0 AND free >= 0 AND booked >= 0 AND served >= 0 "
            "AND absent >= 0 AND came >= served",
            name="counts",
        ),
        {"sqlite_with_rowid": False},
    )

    queue_id: Mapped[int] = mapped_column(BigInt, ForeignKey("queues.id"), primary_key=True)
    """First in the key: SQLite keeps the days of a queue beside each other, and adds them up without sorting."""
    day: Mapped[date] = mapped_column(primary_key=True)
    """The local day at the office."""
    planned: Mapped[int]
    """The places that the weekly hours alone would give."""
    released: Mapped[int]
    """The places that the day has, after holidays and the changes of this day."""
    taken: Mapped[int]
    """Of these, those that somebody has or that are kept for somebody; not those that are set apart and unused."""
    free: Mapped[int]
    """Those that are free and whose time had not begun."""
    booked: Mapped[int]
    """Appointments that were not cancelled."""
    came: Mapped[int]
    served: Mapped[int]
    absent: Mapped[int]
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
