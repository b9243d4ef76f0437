"""The tables of services with their dated fees, papers and steps; NULL means «not announced»."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String, false
from sqlalchemy.orm import Mapped, mapped_column

from desk.catalogue.rules import Audience, PaperProvince, RecordState, ServiceChannel
from desk.language.text import Localised
from desk.people.rules import DocumentKind
from desk.storage.base import Base, BigInt, Id
from desk.storage.types import Json, LocalisedText, UtcDateTime, vocabulary


class Service(Base):
    """A service of the desk. `code` is stable and short enough for a deep link. `is_bookable` False = an information
    card only."""

    __tablename__ = "services"
    __table_args__ = (
        CheckConstraint("days_ahead BETWEEN 1 AND 59", name="days_ahead"),
        CheckConstraint("opens_at BETWEEN 0 AND 1439", name="opens_at"),
        CheckConstraint("asks_days_before BETWEEN 2 AND 14", name="asks_days_before"),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    position: Mapped[int] = mapped_column(default=100)
    title: Mapped[Localised] = mapped_column(LocalisedText)
    short_title: Mapped[Localised] = mapped_column(LocalisedText)
    """At most twenty letters, for a button."""
    description: Mapped[Localised | None] = mapped_column(LocalisedText)
    keywords: Mapped[str] = mapped_column(String(400), default="")
    """Folded everyday words, in both languages, by which the search finds it."""
    channel: Mapped[ServiceChannel | None] = mapped_column(vocabulary(ServiceChannel, name="channel"))
    agency: Mapped[Localised | None] = mapped_column(LocalisedText)
    who_must_come: Mapped[Audience | None] = mapped_column(vocabulary(Audience, name="who_must_come"))
    duration: Mapped[Localised | None] = mapped_column(LocalisedText)
    """How long until the result, in the words of the source."""
    taken_at_counter: Mapped[Localised | None] = mapped_column(LocalisedText)
    """What is recorded at the counter, such as a fingerprint and a photo."""
    objection: Mapped[Localised | None] = mapped_column(LocalisedText)
    """Where to object."""
    is_bookable: Mapped[bool] = mapped_column(default=True)
    days_ahead: Mapped[int | None] = mapped_column(SmallInteger)
    """The number of days after the present one that applicants can book; NULL = all that are made."""
    opens_at: Mapped[int | None] = mapped_column(SmallInteger)
    """When a new day opens, in minutes after midnight at the office; NULL = at midnight."""
    asks_days_before: Mapped[int | None] = mapped_column(SmallInteger)
    """How many days before an appointment its person is asked whether they come; NULL = only the reminder asks."""
    is_per_household: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether one visit serves a whole household: then people whom one request books take one place together."""
    paper_province: Mapped[PaperProvince | None] = mapped_column(vocabulary(PaperProvince, name="paper_province"))
    """Whether a paper of another province is served; NULL = not announced."""
    needs_slip: Mapped[bool | None]
    """Whether somebody who comes from another province needs a travel slip; NULL = not announced."""
    slip_from: Mapped[Localised | None] = mapped_column(LocalisedText)
    """Where that slip is given."""
    travel_kinds: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """The kinds of identity paper for which these two hold (`rules.kinds_written`); "" = every kind."""
    is_irreversible: Mapped[bool] = mapped_column(default=False)
    is_published: Mapped[bool] = mapped_column(default=True)
    used: Mapped[int] = mapped_column(default=0, server_default="0")
    """For how many appointments it was booked lately, as a job last counted: what is used most is listed first."""
    official_form: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """The remaining fields of the official service identity form, blank ones included."""
    state: Mapped[RecordState] = mapped_column(vocabulary(RecordState, name="state"))
    source: Mapped[Localised | None] = mapped_column(LocalisedText)
    source_date: Mapped[date | None]
    confirmed_on: Mapped[date | None]
    review_due: Mapped[date | None]
    """At most a year after the last confirmation."""
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ServiceFee(Base):
    """The approved fee of a service in a province (None = the country) from one day to another, in rial."""

    __tablename__ = "service_fees"
    __table_args__ = (
        CheckConstraint("amount_rial >= 0", name="amount_rial"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="valid_period"),
        Index("ix_service_fees_service_id_valid_from", "service_id", "valid_from"),
    )

    id: Mapped[Id]
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    province_code: Mapped[str | None] = mapped_column(ForeignKey("provinces.code"))
    amount_rial: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), default="IRR")
    per_person: Mapped[bool | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    cut_by: Mapped[int | None] = mapped_column(BigInt)
    """The id of the fee that ended this one early; if that one is withdrawn, this one gets its time back."""
    uncut_to: Mapped[date | None]
    """With `cut_by`: the last day before it was ended early (None = until further notice)."""
    source: Mapped[Localised] = mapped_column(LocalisedText)
    source_date: Mapped[date | None]
    confirmed_on: Mapped[date | None]
    """The day somebody in charge last confirmed it; an unconfirmed fee is not shown."""
    entered_by: Mapped[int | None] = mapped_column(BigInt)
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ServicePaper(Base):
    """A paper to bring, as the original and never as a copy; for everybody or for one kind of identity paper."""

    __tablename__ = "service_papers"
    __table_args__ = (Index("ix_service_papers_service_id", "service_id"),)

    id: Mapped[Id]
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    document_kind: Mapped[DocumentKind | None] = mapped_column(vocabulary(DocumentKind, name="document_kind"))
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[Localised] = mapped_column(LocalisedText)
    note: Mapped[Localised | None] = mapped_column(LocalisedText)
    is_optional: Mapped[bool] = mapped_column(default=False)


class ServiceStep(Base):
    """One step of a service, and who takes it."""

    __tablename__ = "service_steps"
    __table_args__ = (Index("ix_service_steps_service_id", "service_id"),)

    id: Mapped[Id]
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    position: Mapped[int]
    title: Mapped[Localised] = mapped_column(LocalisedText)
    agency: Mapped[Localised | None] = mapped_column(LocalisedText)
    is_inquiry: Mapped[bool] = mapped_column(default=False)
