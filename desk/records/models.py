"""The tables of required fields, records of visits, inquiries, and what staff report of brokers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.language.text import Localised
from desk.records.rules import (
    LONGEST_OFFICE_CODE,
    ClosedWith,
    InquiryPurpose,
    InquiryResult,
    InquirySystem,
    MismatchReason,
    ReportedSign,
    Taking,
)
from desk.storage.base import Base, BigInt, Id, RandomId
from desk.storage.types import Json, LocalisedText, UtcDateTime, vocabulary


class RequiredFields(Base):
    """What the directorate announces that has to be recorded of a person for a service; a version is never changed."""

    __tablename__ = "required_fields"
    __table_args__ = (Index("uq_required_fields_version", "service_id", "version", unique=True),)

    id: Mapped[Id]
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    version: Mapped[int]
    fields: Mapped[Localised | None] = mapped_column(LocalisedText)
    """One on each line; NULL = not announced."""
    fingerprint: Mapped[bool | None]
    """Whether a fingerprint is taken; NULL = not announced."""
    photo: Mapped[bool | None]
    source: Mapped[Localised] = mapped_column(LocalisedText)
    entered_by: Mapped[int | None] = mapped_column(BigInt)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ServiceRecord(Base):
    """With what a visit was closed, and whether what the service asks for was taken and seen; never the data."""

    __tablename__ = "service_records"
    __table_args__ = (
        CheckConstraint(
            "(closing = 'receipt') = (amount_rial IS NOT NULL) AND (closing = 'receipt') = (is_orange IS NOT NULL)"
            " AND (closing = 'receipt') = (receipt_at IS NOT NULL)",
            name="receipt",
        ),
        CheckConstraint("amount_rial >= 0", name="amount_rial"),
        CheckConstraint("NOT is_wrong OR why IS NOT NULL", name="explained"),
        Index(
            "ix_service_records_worded",
            "appointment_id",
            sqlite_where=text("why_sealed IS NOT NULL OR reference_sealed IS NOT NULL"),
            postgresql_where=text("why_sealed IS NOT NULL OR reference_sealed IS NOT NULL"),
        ),
    )

    appointment_id: Mapped[int] = mapped_column(BigInt, ForeignKey("appointments.id"), primary_key=True)
    required_id: Mapped[int | None] = mapped_column(ForeignKey("required_fields.id"))
    """The version that it was recorded by; NULL = none was announced."""
    data: Mapped[Taking] = mapped_column(vocabulary(Taking, name="data"))
    fingerprint: Mapped[Taking] = mapped_column(vocabulary(Taking, name="fingerprint"))
    photo: Mapped[Taking] = mapped_column(vocabulary(Taking, name="photo"))
    papers_seen: Mapped[list[int]] = mapped_column(Json)
    """The ids of the papers of the catalogue whose originals were seen and returned."""
    papers_unseen: Mapped[int] = mapped_column(SmallInteger)
    """How many that the service asks for were not."""
    closing: Mapped[ClosedWith] = mapped_column(vocabulary(ClosedWith, name="closing"))
    amount_rial: Mapped[int | None] = mapped_column(BigInteger)
    is_orange: Mapped[bool | None]
    office_code: Mapped[str | None] = mapped_column(String(LONGEST_OFFICE_CODE))
    names_service: Mapped[bool | None]
    reference_sealed: Mapped[bytes | None]
    """The number of the payment, encrypted: a bank knows whose it is."""
    receipt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fee_rial: Mapped[int | None] = mapped_column(BigInteger)
    """The fee in force on the day at the office, with which it was compared; NULL = none was announced."""
    findings: Mapped[list[str]] = mapped_column(Json)
    """Of `Mismatch`."""
    is_wrong: Mapped[bool]
    """There is a finding."""
    why: Mapped[MismatchReason | None] = mapped_column(vocabulary(MismatchReason, name="why"))
    why_sealed: Mapped[bytes | None]
    """The reason in the clerk's words, encrypted: `desk.records.stored`."""
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[int | None] = mapped_column(BigInt)


class Inquiry(Base):
    """Something was looked up online in place of a copy: where, why, with what kind of result."""

    __tablename__ = "inquiries"
    __table_args__ = (
        Index("ix_inquiries_appointment_id", "appointment_id"),
        Index(
            "ix_inquiries_coded",
            "id",
            sqlite_where=text("code_sealed IS NOT NULL"),
            postgresql_where=text("code_sealed IS NOT NULL"),
        ),
    )

    id: Mapped[RandomId]
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointments.id"))
    system: Mapped[InquirySystem] = mapped_column(vocabulary(InquirySystem, name="system"))
    purpose: Mapped[InquiryPurpose] = mapped_column(vocabulary(InquiryPurpose, name="purpose"))
    result: Mapped[InquiryResult] = mapped_column(vocabulary(InquiryResult, name="result"))
    code_sealed: Mapped[bytes | None]
    """The tracking code that the system gave, encrypted; it is the person's."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int | None] = mapped_column(BigInt)


class BrokerReport(Base):
    """What somebody of the staff saw at the door of an office: a list of names, or a trade in appointments."""

    __tablename__ = "broker_reports"
    __table_args__ = (
        CheckConstraint("looked_by IS NULL OR looked_at IS NOT NULL", name="looked"),
        Index("ix_broker_reports_office_id", "office_id", "reported_at"),
    )

    id: Mapped[RandomId]
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    day: Mapped[date]
    sign: Mapped[ReportedSign] = mapped_column(vocabulary(ReportedSign, name="sign"))
    words_sealed: Mapped[bytes | None]
    """What they wrote, encrypted."""
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reported_by: Mapped[int | None] = mapped_column(BigInt)
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    looked_by: Mapped[int | None] = mapped_column(BigInt)
