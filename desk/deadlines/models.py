"""The table of deadlines of all subjects."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.deadlines.rules import DeadlineLevel, Side
from desk.storage.base import Base, BigInt, RandomId
from desk.storage.types import UtcDateTime, vocabulary


class Deadline(Base):
    """One deadline and how it ended; a subject has at most one open deadline of each kind.

    It is open until it is met or dropped, and it runs while it is open and not paused.
    """

    __tablename__ = "deadlines"
    __table_args__ = (
        CheckConstraint(
            "is_running = (met_at IS NULL AND dropped_at IS NULL AND paused_at IS NULL)", name="is_running"
        ),
        Index(
            "uq_deadlines_open",
            "subject_id",
            "subject",
            "kind",
            unique=True,
            sqlite_where=text("met_at IS NULL AND dropped_at IS NULL"),
            postgresql_where=text("met_at IS NULL AND dropped_at IS NULL"),
        ),
        Index(
            "uq_deadlines_current",
            "subject_id",
            "subject",
            "owed_by",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
        Index(
            "ix_deadlines_due_at",
            "subject",
            "owed_by",
            "due_at",
            "subject_id",
            sqlite_where=text("is_running"),
            postgresql_where=text("is_running"),
        ),
        Index("ix_deadlines_look_at", "look_at"),
    )

    id: Mapped[RandomId]
    subject: Mapped[str] = mapped_column(String(24))
    """The subject, such as `cases`: the name that signals use."""
    subject_id: Mapped[int] = mapped_column(BigInt)
    kind: Mapped[str] = mapped_column(String(24))
    """A code of `desk.deadlines.rules.KINDS`."""
    owed_by: Mapped[Side] = mapped_column(vocabulary(Side, name="owed_by"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    met_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dropped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was dropped, without having been met."""
    level: Mapped[int] = mapped_column(SmallInteger, default=DeadlineLevel.AHEAD)
    """The level at the last look; lists compute the present one from `due_at`."""
    look_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the level changes next; None = it will not."""
    is_running: Mapped[bool]
    is_current: Mapped[bool]
    """True for one deadline per subject and side: the earliest that runs, else the last that was current."""
