"""The tables of draws: the setting of a service, what was announced, the frozen list and places, and the file."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.draws.rules import DrawState
from desk.storage.base import Base, BigInt, Id
from desk.storage.types import Json, UtcDateTime, vocabulary


class DrawSetting(Base):
    """Whether the places of a service in a province are drawn, by which rules, and why."""

    __tablename__ = "draw_settings"
    __table_args__ = (
        UniqueConstraint("service_id", "province_code"),
        CheckConstraint("publish_at BETWEEN 0 AND 1439", name="publish_at"),
        CheckConstraint("priority_share BETWEEN 0 AND 100", name="priority_share"),
    )

    id: Mapped[Id]
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    province_code: Mapped[str] = mapped_column(ForeignKey("provinces.code"))
    is_drawn: Mapped[bool]
    publish_at: Mapped[int] = mapped_column(SmallInteger)
    days_ahead: Mapped[int] = mapped_column(SmallInteger)
    confirm_minutes: Mapped[int]
    priority_share: Mapped[int] = mapped_column(SmallInteger)
    reason: Mapped[str] = mapped_column(String(300))
    evidence: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """Counts that stood beside it when it was saved."""
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Draw(Base):
    """One draw of the places of some days: what is announced of it, the parts of its seed, and how far it is."""

    __tablename__ = "draws"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="days"),
        CheckConstraint("closes_at < drawn_at", name="closes_at"),
        CheckConstraint("state = 'draft' OR word_hash IS NOT NULL", name="word_hash"),
        CheckConstraint("(frozen_at IS NULL) = (frozen_hash IS NULL)", name="frozen"),
        CheckConstraint("state NOT IN ('drawn', 'over') OR figure IS NOT NULL", name="figure"),
        Index("ix_draws_service_id", "service_id", "province_code", "first_day"),
        Index("ix_draws_state", "state"),
    )

    id: Mapped[Id]
    service_id: Mapped[int] = mapped_column(ForeignKey("services.id"))
    province_code: Mapped[str] = mapped_column(ForeignKey("provinces.code"))
    name: Mapped[str] = mapped_column(String(300))
    first_day: Mapped[date]
    last_day: Mapped[date]
    state: Mapped[DrawState] = mapped_column(vocabulary(DrawState, name="state"))
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drawn_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """The published hour."""
    figure_name: Mapped[str] = mapped_column(String(120))
    figure_digits: Mapped[int] = mapped_column(SmallInteger)
    confirm_minutes: Mapped[int]
    priority_share: Mapped[int] = mapped_column(SmallInteger)
    system_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """The system's part of the seed, encrypted; see `seed.part_of`."""
    system_hash: Mapped[str] = mapped_column(String(64))
    word_hash: Mapped[str | None] = mapped_column(String(64))
    word: Mapped[str | None] = mapped_column(String(200))
    word_by: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"))
    figure: Mapped[str | None] = mapped_column(String(40))
    prepared_by: Mapped[int | None] = mapped_column(ForeignKey("staff_members.id"))
    prepared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    frozen_hash: Mapped[str | None] = mapped_column(String(64))
    listed: Mapped[int] = mapped_column(default=0)
    places: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    """How many requests of the list have their place in the order."""
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DrawFigure(Base):
    """The figure as one member of staff typed it; it holds when two typed the same."""

    __tablename__ = "draw_figures"

    draw_id: Mapped[int] = mapped_column(BigInt, ForeignKey("draws.id"), primary_key=True)
    staff_id: Mapped[int] = mapped_column(BigInt, ForeignKey("staff_members.id"), primary_key=True)
    figure: Mapped[str] = mapped_column(String(40))
    typed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class DrawGroup(Base):
    """Starts of one queue and part of a day that follow each other, with the places that are drawn."""

    __tablename__ = "draw_groups"

    draw_id: Mapped[int] = mapped_column(BigInt, ForeignKey("draws.id"), primary_key=True)
    nth: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """0, 1, … as requests and results name it."""
    queue_id: Mapped[int] = mapped_column(ForeignKey("queues.id"))
    office_code: Mapped[str] = mapped_column(String(40))
    day: Mapped[date]
    starts: Mapped[list[list[Any]]] = mapped_column(Json)
    """Of each start: the instant in ISO, the places that are drawn, and the slot."""


class DrawEntry(Base):
    """A request in the frozen list of a draw, and what was drawn for it. It names nobody."""

    __tablename__ = "draw_entries"
    __table_args__ = (
        Index("ix_draw_entries_position", "draw_id", "position"),
        Index("ix_draw_entries_request_id", "request_id"),
        CheckConstraint("places IS NULL OR position IS NOT NULL", name="places"),
    )

    draw_id: Mapped[int] = mapped_column(BigInt, ForeignKey("draws.id"), primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("standing_requests.id"))
    lots: Mapped[int] = mapped_column(SmallInteger)
    people: Mapped[int] = mapped_column(SmallInteger)
    """How many places it takes: one for each of its people, or 1 where the minutes of the service count for all."""
    has_priority: Mapped[bool]
    groups: Mapped[list[int]] = mapped_column(Json)
    """The groups that suit it; [] = all."""
    position: Mapped[int | None]
    """Its place in the drawn order, from 1."""
    places: Mapped[list[list[int]] | None] = mapped_column(Json)
    """What it was drawn: group and start of each place."""
    is_asked: Mapped[bool] = mapped_column(default=False)
    """A place was offered to it, or could not be: it waits no longer. Then the place goes to the next."""
    is_told: Mapped[bool] = mapped_column(default=False)
    """What became of it was told, or there is nobody to tell."""


class DrawFile(Base):
    """The published file of a draw, packed by gzip, as anybody takes it away."""

    __tablename__ = "draw_files"

    draw_id: Mapped[int] = mapped_column(BigInt, ForeignKey("draws.id"), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
