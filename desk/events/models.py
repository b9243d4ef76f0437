"""A line of the history, and the seal over a batch of lines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.acting import ActorKind
from desk.storage.base import Base, Id
from desk.storage.types import Json, UtcDateTime, vocabulary


class Event(Base):
    """Somebody did `kind` to `subject`. Never changed once committed; erasing a person takes the key out.

    It names no person but the member of staff who acted. No foreign keys: it outlives what it tells of.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_subject", "subject", "id"),
        Index("ix_events_at", "at"),
        Index("ix_events_office_id", "office_id", "id"),
    )

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(60))
    """`subject.verb`, such as `office.update` or `case.read`."""
    actor_kind: Mapped[ActorKind] = mapped_column(vocabulary(ActorKind, name="actor_kind"))
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    """Of the member of staff; None for a chat and for the system."""
    subject: Mapped[str] = mapped_column(String(60))
    """What it is about: `office:7`."""
    others: Mapped[list[str]] = mapped_column(Json, default=list)
    """What else it touches, written like `subject`."""
    office_id: Mapped[int | None] = mapped_column(BigInteger)
    """The office it happened at: whoever may review that office finds it."""
    province_code: Mapped[str | None] = mapped_column(String(8))
    """The province it concerns as a whole. Without office and province it concerns the country."""
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """`old` and `new` values of what was changed, and what else is to be known; see `rules.Data`."""
    idem_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    """Of the message or form that caused it, so that a second tap acts once. No part of the seal: erasing blanks it."""


class EventSeal(Base):
    """A batch of events and the seal before it, under one hash. Covers the ids behind the one before, up to its own."""

    __tablename__ = "event_seals"

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_id: Mapped[int] = mapped_column(BigInteger)
    newest_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the newest of its events happened."""
    events: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    is_emptied: Mapped[bool]
    """Its events went with old history: the chain begins behind it."""
