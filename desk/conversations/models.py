"""The tables of conversations, heard updates, and the counts of chats."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from desk.conversations.rules import LONGEST_KEY, MOST_ALLOWED, AllowReason, CounterKind, LimitKind
from desk.storage.base import Base, Id, RandomId
from desk.storage.encryption import MARK
from desk.storage.types import UtcDateTime, vocabulary


class UpdateOutcome(StrEnum):
    """What became of one update."""

    HANDLED = "handled"
    PARKED = "parked"


class Conversation(Base):
    """One chat of one bot: its language, its consent and the state of the engine, which only the bot reads."""

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("channel", "bot", "chat_mark"),
        Index("ix_conversations_private_since", "private_since"),
    )

    id: Mapped[RandomId]
    channel: Mapped[str] = mapped_column(String(16))
    bot: Mapped[str] = mapped_column(String(32))
    chat_mark: Mapped[str] = mapped_column(String(MARK))
    """The keyed hash by which the chat is found: see `desk.conversations.addresses`."""
    chat_sealed: Mapped[bytes]
    locale: Mapped[str | None] = mapped_column(String(8))
    consented_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    state_sealed: Mapped[bytes]
    """The engine's own state as encrypted JSON: flow, step, draft, trail, run, misses. Unknown shape = restart
    politely."""
    is_unfinished: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the state holds answers of something that was begun."""
    private_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The hour since when it holds answers that are forgotten after a day, such as those of a complaint."""
    revision: Mapped[int] = mapped_column(default=0)
    """The number of the screen shown last; buttons carry it, so a button of an old screen is recognised."""
    reachable: Mapped[bool] = mapped_column(default=True)
    limits_mark: Mapped[str | None] = mapped_column(String(64))
    """The keyed hash under which the chat is counted: see `desk.conversations.limits`. NULL = a chat of before, which
    gets it when it next writes."""
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


class ChatCounter(Base):
    """How often a chat has done something in the present series of that kind; nothing in the row leads to the chat."""

    __tablename__ = "chat_counters"
    __table_args__ = (Index("ix_chat_counters_ends_at", "ends_at"),)

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The keyed hash of the chat's address: see `desk.conversations.limits`."""
    kind: Mapped[CounterKind] = mapped_column(vocabulary(CounterKind, name="kind"), primary_key=True)
    count: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the series ends; the row is deleted then."""


class ChatAllowance(Base):
    """A limit that staff raised for one chat; like its counts it is apart from what is erased."""

    __tablename__ = "chat_allowances"
    __table_args__ = (
        Index("ix_chat_allowances_ends_at", "ends_at"),
        CheckConstraint(f"most BETWEEN 1 AND {MOST_ALLOWED}", name="most"),
    )

    mark: Mapped[str] = mapped_column(String(64), primary_key=True)
    """As in `ChatCounter`."""
    kind: Mapped[LimitKind] = mapped_column(vocabulary(LimitKind, name="kind"), primary_key=True)
    most: Mapped[int]
    reason: Mapped[AllowReason] = mapped_column(vocabulary(AllowReason, name="reason"))
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the usual limit holds again; the row is deleted then."""
