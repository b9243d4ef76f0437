"""The tables of conversations, heard updates, and the limits of erased chats."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.conversations.rules import LONGEST_KEY
from desk.storage.base import Base, Id
from desk.storage.types import Json, UtcDateTime, vocabulary


class UpdateOutcome(StrEnum):
    """What became of one update."""

    HANDLED = "handled"
    PARKED = "parked"


class Conversation(Base):
    """One chat of one bot: its language, its consent and the state of the engine, which only the bot reads."""

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
    """The number of the screen shown last; buttons carry it, so a button of an old screen is recognised."""
    reachable: Mapped[bool] = mapped_column(default=True)
    code_misses: Mapped[int] = mapped_column(default=0, server_default="0")
    """Typed codes that no case has, since `first_missed_at`: see `desk.conversations.rules`."""
    first_missed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    kept_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the present series of holds of this chat began: see `desk.places.rules`. NULL = never."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime)


class HeardUpdate(Base):
    """One heard update; unique, so that it is acted on once. It holds nothing of what was said."""

    __tablename__ = "heard_updates"
    __table_args__ = (
        UniqueConstraint("channel", "bot", "update_id"),
        Index("ix_heard_updates_heard_at", "heard_at"),
    )

    id: Mapped[Id]
    channel: Mapped[str] = mapped_column(String(16))
    bot: Mapped[str] = mapped_column(String(32))
    update_id: Mapped[str] = mapped_column(String(LONGEST_KEY))
    """The messenger's own key of the update, as text: not every messenger uses numbers."""
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[UpdateOutcome] = mapped_column(vocabulary(UpdateOutcome, name="outcome"))
    reason: Mapped[str | None] = mapped_column(String(200))
    """Why it was set aside: names of fields and types only, never their values."""


class ChatRest(Base):
    """The limits that a chat had used up when it was erased; kept for a day, without anything that leads to the
    chat."""

    __tablename__ = "chat_rests"

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The keyed hash of the chat's address: see `desk.conversations.rests`."""
    code_misses: Mapped[int]
    first_missed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    kept_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)
