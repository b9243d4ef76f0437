"""A person as little as we can hold of one, and the link from a chat to the people it speaks for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.people.rules import DocumentKind
from desk.storage.base import Base, Id
from desk.storage.types import UtcDateTime, vocabulary


class Person(Base):
    """Somebody an appointment can be booked for. The identity number itself is never stored."""

    __tablename__ = "persons"

    id: Mapped[Id]
    identity_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """Keyed hash of the number; without a paper, of the chat and the folded name, so it is unique in that chat."""
    identity_last4: Mapped[str | None] = mapped_column(String(4))
    document_kind: Mapped[DocumentKind] = mapped_column(vocabulary(DocumentKind, name="document_kind"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class KnownPerson(Base):
    """A chat speaks for this person and calls them so; another chat may call the same person otherwise."""

    __tablename__ = "known_persons"
    __table_args__ = (
        UniqueConstraint("conversation_id", "person_id"),
        Index("ix_known_persons_person_id", "person_id"),
    )

    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    name: Mapped[str] = mapped_column(String(80))
    """The name as in the paper, shown to the clerk with the appointment."""
    nickname: Mapped[str] = mapped_column(String(40))
    """The name on this chat's buttons."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
