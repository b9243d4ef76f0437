"""The tables of people, and of the lists of people that chats keep."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.people.rules import DocumentKind
from desk.storage.base import Base, Id
from desk.storage.types import UtcDateTime, vocabulary


class Person(Base):
    """A person for whom appointments are booked; the identity number itself is never stored."""

    __tablename__ = "persons"

    id: Mapped[Id]
    identity_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """The keyed hash of the number; without a paper, of the chat and the folded name, so it is unique in that chat."""
    identity_last4: Mapped[str | None] = mapped_column(String(4))
    document_kind: Mapped[DocumentKind] = mapped_column(vocabulary(DocumentKind, name="document_kind"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class KnownPerson(Base):
    """A person in the list of a chat, with the names used there; another chat may use other names."""

    __tablename__ = "known_persons"
    __table_args__ = (
        UniqueConstraint("conversation_id", "person_id"),
        Index("ix_known_persons_person_id", "person_id"),
    )

    id: Mapped[Id]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    name: Mapped[str] = mapped_column(String(80))
    """The name as in the paper; the clerk sees it with the appointment."""
    nickname: Mapped[str] = mapped_column(String(40))
    """The name on this chat's buttons."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
