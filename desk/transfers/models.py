"""The tables of words that chats chose, of tries, of transfers, and of codes given at the counter."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.storage.base import Base, BigInt, RandomId
from desk.storage.encryption import MARK
from desk.storage.types import UtcDateTime, vocabulary
from desk.transfers.rules import TransferState, TransferWay


class ChatWord(Base):
    """The word that the person of a chat chose, by which they show in another chat who they are."""

    __tablename__ = "chat_words"

    conversation_id: Mapped[int] = mapped_column(BigInt, ForeignKey("conversations.id"), primary_key=True)
    word_hash: Mapped[str] = mapped_column(String(64))
    """Keyed and stretched, with its version (`desk.identity`)."""


class TransferTry(Base):
    """How often a transfer was tried in the present series; nothing in the row leads to a chat or a appointment."""

    __tablename__ = "transfer_tries"
    __table_args__ = (Index("ix_transfer_tries_ends_at", "ends_at"),)

    mark: Mapped[str] = mapped_column(String(MARK), primary_key=True)
    """The keyed hash of what is counted: see `desk.transfers.tries`."""
    count: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the series ends; the row is deleted then."""


class Transfer(Base):
    """What went over from one chat to another; deleted when either erases, or after `rules.KEPT`."""

    __tablename__ = "transfers"
    __table_args__ = (
        CheckConstraint("source_id <> target_id", name="two_chats"),
        Index("ix_transfers_source_id", "source_id"),
        Index("ix_transfers_target_id", "target_id"),
        Index("ix_transfers_until", "until"),
    )

    id: Mapped[RandomId]
    source_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    way: Mapped[TransferWay] = mapped_column(vocabulary(TransferWay, name="way"))
    state: Mapped[TransferState] = mapped_column(vocabulary(TransferState, name="state"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    """The hour."""
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    """Until when it can be stopped, where it can; then complaints follow."""
    moved_sealed: Mapped[bytes]
    """The ids of what went over, encrypted, so that it can go back; and while it can be stopped, what the earlier chat
    had said of people whom both know."""


class CounterCode(Base):
    """A code that a clerk gave after looking at the original paper; it works once and for some minutes."""

    __tablename__ = "counter_codes"
    __table_args__ = (Index("ix_counter_codes_expires_at", "expires_at"),)

    appointment_id: Mapped[int] = mapped_column(BigInt, ForeignKey("appointments.id"), primary_key=True)
    """The appointment whose person stood at the counter; a newer code takes the place of an older one."""
    mark: Mapped[str] = mapped_column(String(MARK), unique=True)
    """The keyed hash of the code."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
