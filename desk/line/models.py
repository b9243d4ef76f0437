"""The tables of the line: who is in it, its settings, the numbers given out, and the presses that were applied."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.line.rules import BOUNDS, MOST_COUNTERS, EntryState
from desk.storage.base import Base, BigInt, Id
from desk.storage.types import UtcDateTime, vocabulary


class LineEntry(Base):
    """Somebody who came to the office on the day of their appointment, and how far they are in the line.

    `office_id` and `day` are those of the line in which the person stood last: a cancelled appointment that is given
    anew may be on another day.
    """

    __tablename__ = "line_entries"
    __table_args__ = (
        UniqueConstraint("office_id", "day", "call_number"),
        CheckConstraint(f"counter BETWEEN 1 AND {MOST_COUNTERS}", name="counter"),
        CheckConstraint(
            "state NOT IN ('called', 'in_service') OR (counter IS NOT NULL AND called_at IS NOT NULL)",
            name="at_counter",
        ),
        CheckConstraint("state <> 'in_service' OR began_at IS NOT NULL", name="in_service"),
        CheckConstraint("(state = 'done') = (done_from IS NOT NULL)", name="done"),
        CheckConstraint("calls >= 0 AND (calls > 0) = (called_at IS NOT NULL)", name="calls"),
        Index(
            "uq_line_entries_counter",
            "office_id",
            "day",
            "counter",
            unique=True,
            sqlite_where=text("state IN ('called', 'in_service')"),
            postgresql_where=text("state IN ('called', 'in_service')"),
        ),
        Index(
            "ix_line_entries_class",
            "day",
            sqlite_where=text("class_id IS NOT NULL"),
            postgresql_where=text("class_id IS NOT NULL"),
        ),
    )

    appointment_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("appointments.id"), primary_key=True, autoincrement=False
    )
    office_id: Mapped[int] = mapped_column(BigInt, ForeignKey("offices.id"))
    day: Mapped[date]
    """The local day at the office."""
    call_number: Mapped[str] = mapped_column(String(9))
    """What is called and shown instead of a name."""
    is_walk_in: Mapped[bool]
    class_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("priority_classes.id"))
    """The priority class; it is emptied once the day is over."""
    came_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lines_up_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """Since when they wait as somebody without an appointment would: `came_at`, or when they were sent to the end."""
    quarter_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The start of the quarter of an hour in which a booked person counts; None = counts as a walk-in."""
    state: Mapped[EntryState] = mapped_column(vocabulary(EntryState, name="state"))
    done_from: Mapped[EntryState | None] = mapped_column(vocabulary(EntryState, name="done_from"))
    """The state in which the outcome was recorded."""
    counter: Mapped[int | None] = mapped_column(SmallInteger)
    first_called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When they were last called."""
    calls: Mapped[int] = mapped_column(SmallInteger, default=0)
    began_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the outcome was recorded."""
    steps: Mapped[int] = mapped_column(default=0)
    """How often it was changed; a change is guarded by the number that was read."""
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[int | None] = mapped_column(BigInt)


class LineSettings(Base):
    """The numbers of the order at an office; without a row the usual ones hold (`LineRules`)."""

    __tablename__ = "line_settings"
    __table_args__ = tuple(
        CheckConstraint(f"{name} BETWEEN {least} AND {most}", name=name) for name, (least, most) in BOUNDS.items()
    )

    office_id: Mapped[int] = mapped_column(BigInt, ForeignKey("offices.id"), primary_key=True, autoincrement=False)
    late_after: Mapped[int] = mapped_column(SmallInteger)
    walk_in_counts_after: Mapped[int] = mapped_column(SmallInteger)
    most_calls: Mapped[int] = mapped_column(SmallInteger)
    priority_every: Mapped[int] = mapped_column(SmallInteger)
    come_now_at: Mapped[int] = mapped_column(SmallInteger)


class LineCounter(Base):
    """The last number that was given on a day to somebody without an appointment."""

    __tablename__ = "line_counters"
    __table_args__ = (CheckConstraint("last >= 0", name="last"),)

    office_id: Mapped[int] = mapped_column(BigInt, ForeignKey("offices.id"), primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]


class LinePress(Base):
    """A press that was applied, by its key: sent again it changes nothing. It is deleted some days later."""

    __tablename__ = "line_presses"
    __table_args__ = (Index("ix_line_presses_applied_at", "applied_at"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    staff_id: Mapped[int | None] = mapped_column(BigInt)
    what: Mapped[str] = mapped_column(String(24))
    appointment_id: Mapped[int | None] = mapped_column(BigInt)
    """Whom it was about in the end; None = nobody waited. No foreign key: it is a note of some days."""
    pressed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applied_at: Mapped[datetime] = mapped_column(UtcDateTime)
