"""Who has taken a place of a slot without being booked on it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.places.rules import ClaimKind
from desk.storage.base import Base, Id
from desk.storage.types import UtcDateTime, vocabulary


class Claim(Base):
    """One place of a slot that is taken, and whose it is. Once it is booked the appointment stands for it instead.

    Taken places of a slot = its claims + the appointments that have a place there.
    """

    __tablename__ = "claims"
    __table_args__ = (
        UniqueConstraint("conversation_id", "kind", "nth"),
        UniqueConstraint("holder", "kind", "nth"),
        CheckConstraint("(conversation_id IS NULL) <> (holder IS NULL)", name="owner"),
        CheckConstraint("kind = 'share' OR expires_at IS NOT NULL", name="expires"),
        CheckConstraint("nth >= 1", name="nth"),
        Index("ix_claims_expires_at", "expires_at"),
        Index("ix_claims_slot_id", "slot_id"),
    )

    id: Mapped[Id]
    kind: Mapped[ClaimKind] = mapped_column(vocabulary(ClaimKind, name="kind"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"))
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    """The chat whose claim it is."""
    holder: Mapped[str | None] = mapped_column(String(60))
    """Whose claim it is where it is no chat's, as the outbox names things: `waiting:7`."""
    nth: Mapped[int] = mapped_column(SmallInteger)
    """1, 2, … among the claims of this kind and owner, so that two messages at once can't take more than one set."""
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the place is free again by itself; None = not before somebody gives it back."""
