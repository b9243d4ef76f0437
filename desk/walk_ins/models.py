"""The table of printed slips, each of which ties an appointment of the desk to a chat once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.storage.base import Base, BigInt
from desk.storage.encryption import MARK
from desk.storage.types import UtcDateTime


class WalkInSlip(Base):
    """The latest slip of an appointment. Its secret stands on the paper alone; here is a keyed hash, until it has
    served."""

    __tablename__ = "walk_in_slips"
    __table_args__ = (
        CheckConstraint("mark IS NULL OR (spent_mark IS NULL AND tied_at IS NULL AND undone_at IS NULL)", name="once"),
        CheckConstraint("mark IS NOT NULL OR spent_mark IS NOT NULL", name="known"),
        CheckConstraint("tied_at IS NULL OR undone_at IS NULL", name="state"),
    )

    appointment_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("appointments.id"), primary_key=True, autoincrement=False
    )
    mark: Mapped[str | None] = mapped_column(String(MARK), unique=True)
    """The keyed hash of the secret; None once it has tied."""
    spent_mark: Mapped[str | None] = mapped_column(String(MARK), unique=True)
    """The keyed hash of that hash: a second scan is told that the slip has served, and nothing is tied by it."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it tied the appointment to the chat that has it."""
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the office took that back."""
