"""The tables of queues, opening rules, exceptions, holidays and slots, and of decisions about services of offices."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column

from desk.capacity.rules import ExceptionKind, SlotStatus
from desk.capacity.status_rules import LONGEST_RULE, LONGEST_WHY, GivingState, LegalBasis
from desk.language.text import Localised
from desk.organisation import LONGEST_PATH
from desk.storage.base import Base, Id
from desk.storage.types import Json, LocalisedText, UtcDateTime, sort_key, vocabulary

__all__ = [
    "CapacityException",
    "DrawnService",
    "ExceptionKind",
    "Holiday",
    "HoursApproval",
    "OpeningRule",
    "Queue",
    "QueueService",
    "QuotaDay",
    "ServiceStatus",
    "Slot",
    "SlotStatus",
]


class Queue(Base):
    """A row of slots at an office for a group of services, served by the same counters."""

    __tablename__ = "queues"
    __table_args__ = (
        CheckConstraint("desk_share BETWEEN 0 AND 100", name="desk_share"),
        CheckConstraint("walk_in_share >= 0 AND desk_share + walk_in_share <= 100", name="walk_in_share"),
        CheckConstraint("desk_hours BETWEEN 0 AND 720", name="desk_hours"),
        CheckConstraint("walk_in_hours BETWEEN 0 AND 12", name="walk_in_hours"),
    )

    id: Mapped[Id]
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"), index=True)
    name: Mapped[Localised] = mapped_column(LocalisedText)
    is_active: Mapped[bool] = mapped_column(default=True)
    rule_version: Mapped[int] = mapped_column(default=1)
    """Raised by each change of the rules; a slot carries the version it was made by."""
    filled_until: Mapped[date | None]
    """The last day whose slots were made; None = none yet."""
    filled_version: Mapped[int] = mapped_column(default=0)
    """The rule version by which the whole window was last made; it is out of date below `rule_version`."""
    desk_share: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"))
    """How many percent of its places are set apart for the desk (`desk.capacity.shares`)."""
    walk_in_share: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"))
    """How many percent are set apart for people without an appointment."""
    desk_hours: Mapped[int] = mapped_column(SmallInteger, default=24, server_default=text("24"))
    """How many hours before its start a place of the desk opens to everybody."""
    walk_in_hours: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"))
    """The same for people without an appointment; never before the day."""


class QueueService(Base):
    """The queue serves this service; without an active row an office does not offer it.

    `is_active` is what all statements ask: the tie stands, and the service is not withheld from the office.
    """

    __tablename__ = "queue_services"
    __table_args__ = (
        CheckConstraint("days_ahead BETWEEN 1 AND 59", name="days_ahead"),
        CheckConstraint("opens_at BETWEEN 0 AND 1439", name="opens_at"),
        CheckConstraint("most_a_day BETWEEN 1 AND 999", name="most_a_day"),
    )

    queue_id: Mapped[int] = mapped_column(ForeignKey("queues.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"), primary_key=True, index=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    is_tied: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Staff of the office gave the service to this queue; also while it is withheld from the office."""
    days_ahead: Mapped[int | None] = mapped_column(SmallInteger)
    """How many days ahead the office opens for the service, alike in all of its queues; None = as the service says."""
    opens_at: Mapped[int | None] = mapped_column(SmallInteger)
    """At which minute after midnight the office opens a new day, alike too; None = as the service says."""
    opened_until: Mapped[date | None]
    """The last day that was given to those who wait when it opened, where the office opens days in its own way."""
    most_a_day: Mapped[int | None] = mapped_column(SmallInteger)
    """How many people a day the queue takes for the service, its quota; None = as many as there are places."""


class QuotaDay(Base):
    """How much of the quota of a service is used on a day of a queue; no row = nothing is.

    `taken` = the appointments that hold a place and the claims that count for it. It may be above the quota where that
    was lowered later. Only `desk.places.quotas` changes it.
    """

    __tablename__ = "quota_days"
    __table_args__ = (CheckConstraint("taken >= 0", name="taken"),)

    queue_id: Mapped[int] = mapped_column(ForeignKey("queues.id"), primary_key=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    taken: Mapped[int]


class ServiceStatus(Base):
    """How it stood with one service of one office from one moment to another; the present one has no end.

    An office without a row for a service simply gives it. A row is never changed, but for its end.
    """

    __tablename__ = "service_statuses"
    __table_args__ = (
        CheckConstraint("to_at IS NULL OR to_at >= from_at", name="order"),
        Index(
            "uq_service_statuses_present",
            "office_id",
            "service_id",
            unique=True,
            sqlite_where=text("to_at IS NULL"),
            postgresql_where=text("to_at IS NULL"),
        ),
        Index("ix_service_statuses_office_id", "office_id", "service_id", "id"),
    )

    id: Mapped[Id]
    office_id: Mapped[int] = mapped_column(ForeignKey("offices.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    state: Mapped[GivingState] = mapped_column(vocabulary(GivingState, name="state"))
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    to_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    until_day: Mapped[date | None]
    """The day by which somebody looks at it again; nothing happens by itself when it is over."""
    basis: Mapped[LegalBasis] = mapped_column(vocabulary(LegalBasis, name="basis"))
    rule: Mapped[str] = mapped_column(String(LONGEST_RULE), default="")
    """Which article of it, or its number and date."""
    reason: Mapped[str] = mapped_column(String(LONGEST_WHY))


class OpeningRule(Base):
    """The weekly hours of a queue on one weekday between two dates; `opens` and `closes` in minutes after midnight."""

    __tablename__ = "opening_rules"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("opens >= 0 AND closes > opens AND closes <= 1440", name="hours"),
        CheckConstraint("minutes_per_person BETWEEN 1 AND 480", name="minutes_per_person"),
        CheckConstraint("counters BETWEEN 1 AND 200", name="counters"),
        Index("ix_opening_rules_queue_id", "queue_id"),
    )

    id: Mapped[Id]
    queue_id: Mapped[int] = mapped_column(ForeignKey("queues.id"))
    weekday: Mapped[int] = mapped_column(SmallInteger)
    """Saturday = 0 … Friday = 6."""
    opens: Mapped[int] = mapped_column(SmallInteger)
    closes: Mapped[int] = mapped_column(SmallInteger)
    minutes_per_person: Mapped[int] = mapped_column(SmallInteger)
    counters: Mapped[int] = mapped_column(SmallInteger)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class HoursApproval(Base):
    """Whether the weekly hours of the offices of an area need the approval of those above them.

    The nearest area above an office decides; without a row anywhere the office measures its own capacity.
    """

    __tablename__ = "hours_approvals"

    area: Mapped[str] = mapped_column(sort_key(LONGEST_PATH), ForeignKey("areas.path"), primary_key=True)
    is_needed: Mapped[bool]


class CapacityException(Base):
    """A day of one queue that differs from its weekly rules; the reason is a note for staff."""

    __tablename__ = "capacity_exceptions"
    __table_args__ = (UniqueConstraint("queue_id", "day"),)

    id: Mapped[Id]
    queue_id: Mapped[int] = mapped_column(ForeignKey("queues.id"))
    day: Mapped[date]
    kind: Mapped[ExceptionKind] = mapped_column(vocabulary(ExceptionKind, name="kind"))
    hours: Mapped[list[list[int | None]]] = mapped_column(Json, default=list)
    """Its ranges: opening, closing, counters, minutes for each person (None = as usual); empty = the usual hours."""
    counters: Mapped[int | None] = mapped_column(SmallInteger)
    """The counters of all usual hours of the day; None = as usual."""
    reason: Mapped[str] = mapped_column(String(200), default="")


class Holiday(Base):
    """A public holiday that staff can edit; those that follow the lunar calendar are estimates until confirmed."""

    __tablename__ = "holidays"
    __table_args__ = (UniqueConstraint("day", "province_key"),)

    id: Mapped[Id]
    day: Mapped[date]
    name: Mapped[Localised] = mapped_column(LocalisedText)
    is_confirmed: Mapped[bool]
    is_closed: Mapped[bool] = mapped_column(default=True)
    province_code: Mapped[str | None] = mapped_column(ForeignKey("provinces.code"))
    province_key: Mapped[str] = mapped_column(String(5), default="")
    """The province code, or an empty text for the country: a unique constraint treats NULLs as different."""
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When staff withdrew it: the day is an ordinary one, and the calendar's own entry is not written again."""


class DrawnService(Base):
    """A service whose places in this province are drawn among those who ask, and not booked by who looks first.

    Without a row its places are open. Only the subject of draws writes it.
    """

    __tablename__ = "drawn_services"

    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"), primary_key=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("provinces.code"), primary_key=True)
    last_open_day: Mapped[date]
    """The last day whose places are open: its draw is over, or none was held. Those of later days are drawn."""


class Slot(Base):
    """The places of one queue at one start.

    Taken places = `capacity` - `remaining` = appointments that hold a place + claims.
    """

    __tablename__ = "slots"
    __table_args__ = (
        UniqueConstraint("queue_id", "starts_at"),
        CheckConstraint("remaining >= 0 AND remaining <= capacity", name="remaining"),
        CheckConstraint("planned >= 0 AND (capacity = planned OR remaining = 0)", name="planned"),
        CheckConstraint("is_open = (remaining > 0 AND status = 'live')", name="is_open"),
        CheckConstraint("desk >= 0", name="desk"),
        CheckConstraint("walk_in >= 0", name="walk_in"),
        Index(
            "ix_slots_open",
            "queue_id",
            "day",
            "starts_at",
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
        {"postgresql_with": {"fillfactor": 80}},
    )

    id: Mapped[Id]
    queue_id: Mapped[int] = mapped_column(ForeignKey("queues.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    day: Mapped[date]
    """The local day at the office."""
    minutes: Mapped[int] = mapped_column(SmallInteger)
    planned: Mapped[int] = mapped_column(SmallInteger)
    """The places that the rules give. Where more are taken, `capacity` equals the taken places and none is free."""
    capacity: Mapped[int] = mapped_column(SmallInteger)
    remaining: Mapped[int] = mapped_column(SmallInteger)
    """The places that are free to everybody."""
    desk: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"))
    """Of the planned places those set apart for the desk, used or not. What is unused of them are claims."""
    walk_in: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"))
    """The same for people without an appointment."""
    status: Mapped[SlotStatus] = mapped_column(vocabulary(SlotStatus, name="status"))
    is_open: Mapped[bool] = mapped_column(Boolean)
    rule_version: Mapped[int]
