"""The table of messages to chats: which notice, its parameters, when it is due, and its state."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.outbox.rules import DeliveryState, Lane
from desk.storage.base import Base, Id
from desk.storage.types import Json, UtcDateTime, vocabulary


class OutboxMessage(Base):
    """A message to one chat. `notice` names what is told, which the bot words; `params` are its JSON values.

    Delivery is at least once: after a crash between sending and recording, a message is sent again.
    """

    __tablename__ = "outbox_messages"
    __table_args__ = (
        Index(
            "ix_outbox_messages_due",
            "lane",
            "due_at",
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
        Index(
            "ix_outbox_messages_chat",
            "conversation_id",
            "id",
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
        Index("ix_outbox_messages_about", "about"),
        Index(
            "ix_outbox_messages_instead_of",
            "instead_of",
            sqlite_where=text("instead_of IS NOT NULL"),
            postgresql_where=text("instead_of IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    idem_key: Mapped[str] = mapped_column(String(120), unique=True)
    channel: Mapped[str] = mapped_column(String(16))
    bot: Mapped[str] = mapped_column(String(32))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    """The chat that it goes to, whose address the conversation holds encrypted."""
    instead_of: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    """The chat that it belongs to, where it is told in another one of the same person (`desk.outbox.instead`)."""
    lane: Mapped[Lane] = mapped_column(SmallInteger)
    notice: Mapped[str] = mapped_column(String(40))
    params: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    about: Mapped[str | None] = mapped_column(String(60))
    """The subject it tells about, such as `appointment:5` or `entry:9`; staff pages look the delivery up by it."""
    state: Mapped[DeliveryState] = mapped_column(vocabulary(DeliveryState, name="state"))
    is_open: Mapped[bool] = mapped_column(default=True)
    """True while open or claimed; the condition of the partial indexes."""
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the messenger first did not take it; NULL = it was not tried, or it is over."""
    reason: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    message_id: Mapped[str | None] = mapped_column(String(32))
