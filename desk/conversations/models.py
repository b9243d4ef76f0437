"""A conversation's place in its flow, and the record of every update that was heard."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.storage.base import Base, Id
from desk.storage.types import Json, UtcDateTime, vocabulary


class Outcome(StrEnum):
    """What became of one update."""

    HANDLED = "handled"
    PARKED = "parked"


class Conversation(Base):
    """One chat of one bot: its language, its consent and the step it waits at. The draft belongs to the bot alone."""

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("channel", "bot", "chat"),)

    id: Mapped[Id]
    channel: Mapped[str] = mapped_column(String(16))
    bot: Mapped[str] = mapped_column(String(32))
    chat: Mapped[str] = mapped_column(String(32))
    locale: Mapped[str | None] = mapped_column(String(8))
    consented_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """The engine's own state as JSON: flow, step, draft, trail, run, misses. Unknown shape = restart politely."""
    revision: Mapped[int] = mapped_column(default=0)
    """Number of the prompt shown last; a button carries it, so an old one is recognised."""
    reachable: Mapped[bool] = mapped_column(default=True)
    code_misses: Mapped[int] = mapped_column(default=0, server_default="0")
    """Codes written here that were nobody's, since `first_missed_at`: see `desk.conversations.rules`."""
    first_missed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    kept_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the present series of places kept for this chat began: see `desk.capacity.rules`. NULL = never."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HeardUpdate(Base):
    """One update of a messenger; unique, so it is acted on once. Holds nothing of what was said."""

    __tablename__ = "heard_updates"
    __table_args__ = (
        UniqueConstraint("channel", "bot", "update_id"),
        Index("ix_heard_updates_heard_at", "heard_at"),
    )

    id: Mapped[Id]
    channel: Mapped[str] = mapped_column(String(16))
    bot: Mapped[str] = mapped_column(String(32))
    update_id: Mapped[str] = mapped_column(String(60))
    """The messenger's own key of the update, as text: not every messenger counts."""
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[Outcome] = mapped_column(vocabulary(Outcome, name="outcome"))
    reason: Mapped[str | None] = mapped_column(String(200))
    """Why it was parked: names of fields and types only, never their values."""


class ChatRest(Base):
    """The bounds that a chat had met when it was erased; kept for a day, and nothing in it tells which chat it was."""

    __tablename__ = "chat_rests"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The keyed hash of the chat: see `desk.conversations.rests`."""
    code_misses: Mapped[int]
    first_missed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    kept_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)
