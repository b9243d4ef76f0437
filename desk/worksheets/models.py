"""The table of worksheets."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from desk.storage.base import Base, BigInt, Id
from desk.storage.types import Json, UtcDateTime, vocabulary
from desk.worksheets.rules import LONGEST_NOTE, LONGEST_RETURN, WorksheetState


class Worksheet(Base):
    """What an office says that a queue can do in a week, and what became of it; a queue has one that was not decided.

    What was stated is never changed: another statement is another row.
    """

    __tablename__ = "worksheets"
    __table_args__ = (
        CheckConstraint("(state = 'stated') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("state <> 'for_a_time' OR until_day IS NOT NULL", name="until_day"),
        Index(
            "uq_worksheets_undecided",
            "queue_id",
            unique=True,
            sqlite_where=text("state = 'stated'"),
            postgresql_where=text("state = 'stated'"),
        ),
        Index("ix_worksheets_queue_id", "queue_id", "id"),
    )

    id: Mapped[Id]
    queue_id: Mapped[int] = mapped_column(ForeignKey("queues.id"))
    state: Mapped[WorksheetState] = mapped_column(vocabulary(WorksheetState, name="state"))
    week: Mapped[dict[str, list[list[int]]]] = mapped_column(Json)
    """By weekday its ranges of opening, closing, minutes for each person and counters, as the history keeps a week."""
    from_day: Mapped[date]
    """The first day on which it shall hold; where the decision comes later, the day of the decision."""
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
    """What the office says beside its figures; no applicant is named in it."""
    stated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stated_by: Mapped[int | None] = mapped_column(BigInt)
    """The id of the member of staff; None = the system."""
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(BigInt)
    reason: Mapped[str] = mapped_column(String(LONGEST_RETURN), default="")
    """Why it was returned, or what the directorate says beside its approval."""
    until_day: Mapped[date | None]
    """The day on which the directorate looks at it again."""
