"""The tables of chats that show signs, and of their signs."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.signs.rules import Judgement, SignKind
from desk.storage.base import Base, BigInt
from desk.storage.types import UtcDateTime, vocabulary


class ChatWithSigns(Base):
    """A chat in which signs were found, under a number of its own, and what somebody found who looked at it last."""

    __tablename__ = "chats_with_signs"
    __table_args__ = (UniqueConstraint("conversation_id"),)

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    """Six digits drawn by chance: by them people speak of the chat, and they lead to nothing else."""
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    looked_by: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"))
    judgement: Mapped[Judgement | None] = mapped_column(vocabulary(Judgement, name="judgement"))


class Sign(Base):
    """One sign of a chat, as it was when the chat was last looked through."""

    __tablename__ = "chat_signs"
    __table_args__ = (
        Index("ix_chat_signs_seen_at", "seen_at"),
        CheckConstraint("strength BETWEEN 1 AND 3", name="strength"),
        CheckConstraint("judged BETWEEN 0 AND 3", name="judged"),
    )

    chat_id: Mapped[int] = mapped_column(ForeignKey("chats_with_signs.id"), primary_key=True)
    kind: Mapped[SignKind] = mapped_column(vocabulary(SignKind, name="kind"), primary_key=True)
    times: Mapped[int]
    """The number that was seen; what it counts depends on the kind."""
    strength: Mapped[int] = mapped_column(SmallInteger)
    since: Mapped[date]
    """The local day of the first thing that was counted."""
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    judged: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    """How strong it was when somebody last looked; a stronger one is new."""
