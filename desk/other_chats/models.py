"""The tables of connected chats, and of the codes by which they are connected."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.storage.base import Base, BigInt
from desk.storage.encryption import MARK
from desk.storage.types import UtcDateTime


class OtherChat(Base):
    """The other chat of the person; a connection is two rows, one for each chat, and a chat has one at most."""

    __tablename__ = "other_chats"
    __table_args__ = (CheckConstraint("conversation_id <> other_id", name="two_chats"),)

    conversation_id: Mapped[int] = mapped_column(BigInt, ForeignKey("conversations.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"), unique=True)
    works_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """None = the chat that showed the code was not told yet that it is connected."""


class OtherChatCode(Base):
    """A code that one chat shows and the other types; it works once."""

    __tablename__ = "other_chat_codes"
    __table_args__ = (Index("ix_other_chat_codes_expires_at", "expires_at"),)

    conversation_id: Mapped[int] = mapped_column(BigInt, ForeignKey("conversations.id"), primary_key=True)
    """The chat that shows it; a newer code takes the place of an older one."""
    mark: Mapped[str] = mapped_column(String(MARK), unique=True)
    """The keyed hash of the code."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
