"""The table of claims: places that are taken without an appointment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.places.rules import ClaimKind
from desk.storage.base import Base, BigInt, Id
from desk.storage.types import UtcDateTime, vocabulary


class Claim(Base):
    """A taken place of a slot and its owner; after a booking the appointment holds the place instead.

    Taken places of a slot = its claims + the appointments that hold a place there.
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
    """The chat that owns it."""
    holder: Mapped[str | None] = mapped_column(String(60))
    """The owner where it is not a chat, written as in the outbox: `waiting:7`."""
    nth: Mapped[int] = mapped_column(SmallInteger)
    """1, 2, … among the claims of this kind and owner, so that two messages at once cannot take two sets."""
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it expires; None = never."""
    counts_for: Mapped[int | None] = mapped_column(BigInt)
    """The service of whose quota of the day it is one; None = of none."""
