"""The table of wishes to be told when something of a service is announced."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.announcements.rules import LONGEST_UNKNOWN
from desk.storage.base import Base, BigInt
from desk.storage.types import UtcDateTime


class AnnouncementWish(Base):
    """A chat wants to be told when what is unknown of a service is announced; one row for both, deleted when told."""

    __tablename__ = "announcement_wishes"
    __table_args__ = (
        CheckConstraint("unknown <> ''", name="unknown"),
        Index("ix_announcement_wishes_service_id", "service_id"),
        Index("ix_announcement_wishes_asked_on", "asked_on"),
    )

    conversation_id: Mapped[int] = mapped_column(BigInt, ForeignKey("conversations.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(BigInt, ForeignKey("services.id"), primary_key=True)
    unknown: Mapped[str] = mapped_column(String(LONGEST_UNKNOWN))
    """What was unknown when it was asked: see `desk.announcements.rules.written`."""
    asked_on: Mapped[date]
    told_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """From when it is told; NULL = nothing of it is announced."""
