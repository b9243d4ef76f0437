"""The tables of people, of papers that staff linked, and of the lists of people that chats keep."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.people.rules import DocumentKind
from desk.storage.base import Base, Id, RandomId
from desk.storage.types import UtcDateTime, vocabulary


class LinkedPapers(Base):
    """Papers of one person, as a clerk saw who had their originals in hand; it names nobody.

    Each paper is a `Person` of its own, with its own number. What holds for one person holds for all of a link: where
    rows carry `link_id`, a unique index stands beside that of `person_id`.
    """

    __tablename__ = "linked_papers"

    id: Mapped[Id]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Person(Base):
    """A person for whom appointments are booked; the identity number itself is never stored.

    Chats that name one number share this row, so it holds only what follows from the number: whatever a chat says of
    the person stands in `KnownPerson`, or one chat would see what another said.
    """

    __tablename__ = "persons"
    __table_args__ = (
        Index(
            "ix_persons_link_id",
            "link_id",
            sqlite_where=text("link_id IS NOT NULL"),
            postgresql_where=text("link_id IS NOT NULL"),
        ),
    )

    id: Mapped[RandomId]
    identity_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """The keyed and stretched hash of the number, with its version (`desk.identity`).

    Without a paper, of the chat and the folded name, so it is unique in that chat.
    """
    last4_sealed: Mapped[bytes | None]
    """The last characters of the number, encrypted: `desk.people.stored`."""
    is_slip_mended: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True = a slip in the name of somebody without a number was corrected, which is done once. Such a person is known
    to one chat only."""
    link_id: Mapped[int | None] = mapped_column(ForeignKey("linked_papers.id"))
    """The other papers of the same person, where staff linked them; None = nobody did."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class KnownPerson(Base):
    """A person in the list of a chat, with what it says of them; another chat may say something else."""

    __tablename__ = "known_persons"
    __table_args__ = (
        UniqueConstraint("conversation_id", "person_id"),
        Index("ix_known_persons_person_id", "person_id"),
    )

    id: Mapped[RandomId]
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversations.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    name_sealed: Mapped[bytes]
    """The name as in the paper, encrypted; the clerk sees it with the appointment."""
    nickname_sealed: Mapped[bytes]
    """The name on this chat's buttons, encrypted."""
    document_kind: Mapped[DocumentKind] = mapped_column(vocabulary(DocumentKind, name="document_kind"))
    """As this chat said it."""
    is_in_doubt: Mapped[bool] = mapped_column(default=False, server_default=false())
    """True = an appointment with the number fell, so the chat is asked for the number before it books again."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime] = mapped_column(UtcDateTime)
