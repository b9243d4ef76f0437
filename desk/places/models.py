"""Who holds a place of a slot."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from desk.storage.base import Base
from desk.storage.types import UtcDateTime


class Hold(Base):
    """A place kept for one conversation while it answers; one at a time, freed when it leaves or at `expires_at`."""

    __tablename__ = "holds"
    __table_args__ = (Index("ix_holds_expires_at", "expires_at"), Index("ix_holds_slot_id", "slot_id"))

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
