"""The tables of events, and of the seals over batches of events."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.acting import ActorKind
from desk.storage.base import Base, Id
from desk.storage.types import Json, UtcDateTime, vocabulary


class Event(Base):
    """Somebody did `kind` to `subject`; never changed after the commit, except that erasing blanks the key.

    It identifies nobody but the member of staff who acted. No foreign keys: events outlive the rows they are about.
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
    """The id of the member of staff; None for a chat and for the system."""
    subject: Mapped[str] = mapped_column(String(60))
    """The subject: `office:7`."""
    others: Mapped[list[str]] = mapped_column(Json, default=list)
    """The other subjects it is about, written like `subject`."""
    office_id: Mapped[int | None] = mapped_column(BigInteger)
    """The office at which it happened; those who may review that office see it."""
    province_code: Mapped[str | None] = mapped_column(String(8))
    """The province that it concerns as a whole; without office and province it concerns the country."""
    data: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """The `old` and `new` values of what was changed, and further values; see `desk.events.rules.Data`."""
    idem_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    """Made of the message or form that caused it, so that a second tap acts once. Not sealed: erasing blanks it."""


class EventSeal(Base):
    """The hash over a batch of events and the seal before it; it covers the ids after that seal's last, up to its
    own."""

    __tablename__ = "event_seals"

    id: Mapped[Id]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_id: Mapped[int] = mapped_column(BigInteger)
    newest_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the newest event of its batch happened."""
    events: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    is_emptied: Mapped[bool]
    """True = its events were deleted as old; the chain of seals begins after it."""
