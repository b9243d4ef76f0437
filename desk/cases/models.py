"""The tables of cases, the entries of their threads, drafts, and words for the search."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from desk.cases.rules import CaseKind, CaseState, CloseReason, Contact, EntryKind
from desk.storage.base import Base, BigInt, RandomId
from desk.storage.encryption import MARK
from desk.storage.types import Json, UtcDateTime, vocabulary


class Case(Base):
    """A complaint or a question.

    The office complained of (`office_id`) never handles a complaint. `handler_office_id` is the office that handles a
    question; without it the province handles the case, else the nation. With `contact` NOBODY there is no
    `conversation_id`: the case can be followed by its code only.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_handler_office_id", "handler_office_id", "state"),
        Index("ix_cases_handler_province_code", "handler_province_code", "state"),
        Index("ix_cases_conversation_id", "conversation_id"),
    )

    id: Mapped[RandomId]
    code_mark: Mapped[str] = mapped_column(String(MARK), unique=True)
    """The keyed hash of the code, by which it is found: `desk.cases.stored`."""
    code_sealed: Mapped[bytes]
    """The code, encrypted: who reads it can open the case in a chat."""
    idem_key: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[CaseKind] = mapped_column(vocabulary(CaseKind, name="kind"))
    category: Mapped[str] = mapped_column(String(24))
    """A code of `desk.cases.categories.CATEGORIES`, or `QUESTION`."""
    severity: Mapped[int]
    office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"))
    """The office it is about."""
    handler_office_id: Mapped[int | None] = mapped_column(ForeignKey("offices.id"))
    handler_province_code: Mapped[str | None] = mapped_column(ForeignKey("provinces.code"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"))
    happened_on: Mapped[date | None]
    paid_rial: Mapped[int | None] = mapped_column(BigInteger)
    facts_sealed: Mapped[bytes | None]
    """Answers by the codes of `desk.cases.facts`, encrypted."""
    contact: Mapped[Contact] = mapped_column(vocabulary(Contact, name="contact"))
    name_sealed: Mapped[bytes | None]
    """The name, encrypted; it is stored in its case only."""
    conversation_id: Mapped[int | None] = mapped_column(ForeignKey("conversations.id"))
    locale: Mapped[str] = mapped_column(String(8))
    """The language to answer in."""
    state: Mapped[CaseState] = mapped_column(vocabulary(CaseState, name="state"))
    close_reason: Mapped[CloseReason | None] = mapped_column(vocabulary(CloseReason, name="close_reason"))
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the first answer was given; a reopening does not change it."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it was filed or last went back into review; its deadlines run from here."""
    state_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it came into its present state."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was closed; the time to object runs from here. None while it is open."""
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the last entry that the person may read was written."""


class CaseEntry(Base):
    """An entry of a thread, in order of `place`. Notes and assignments are for staff; the person may read the rest."""

    __tablename__ = "case_entries"
    __table_args__ = (Index("uq_case_entries_place", "case_id", "place", unique=True),)

    id: Mapped[RandomId]
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    place: Mapped[int] = mapped_column(server_default="0")
    """Its number within the case, from 1: ids are random, and times may be those of a day."""
    idem_key: Mapped[str | None] = mapped_column(String(80), unique=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[EntryKind] = mapped_column(vocabulary(EntryKind, name="kind"))
    staff_id: Mapped[int | None] = mapped_column(BigInt)
    text_sealed: Mapped[bytes | None]
    voice_sealed: Mapped[bytes | None]
    """A voice note by reference, encrypted: channel, bot, file_id, seconds; the messenger keeps the recording."""
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """For STATE and ASSIGNED: from, to, reason."""


class CaseArrival(Base):
    """What a person told under a code alone, encrypted until it is handed over to the desk (`desk.cases.arrivals`)."""

    __tablename__ = "case_arrivals"
    __table_args__ = (
        Index("uq_case_arrivals_place", "mark", "place", unique=True),
        Index("ix_case_arrivals_due_at", "due_at"),
    )

    id: Mapped[RandomId]
    mark: Mapped[str] = mapped_column(String(64))
    """The keyed hash of the code."""
    place: Mapped[int]
    """Its number among what has arrived under this code and still waits, from 1."""
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it is handed over, the same moment for all that arrives within five minutes."""
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class CaseDraft(Base):
    """A draft of a reply: one for each member of staff and case, read by nobody else."""

    __tablename__ = "case_drafts"
    __table_args__ = (Index("ix_case_drafts_saved_at", "saved_at"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id"), primary_key=True)
    text_sealed: Mapped[bytes]
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseWord(Base):
    """A mark of a folded word of a case's texts or name: see `desk.cases.found_by`."""

    __tablename__ = "case_words"
    __table_args__ = (Index("ix_case_words_case_id", "case_id"),)

    mark: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), primary_key=True)
