"""Reading deadlines: columns and conditions that lists of a subject join to their rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal_column, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import FromClause

from desk.deadlines.models import Deadline
from desk.deadlines.rows import CurrentDeadline
from desk.deadlines.rules import Side
from desk.storage.upsert import table_of

_deadlines = table_of(Deadline)


@dataclass(frozen=True, slots=True)
class Current:
    """The current deadline of each row of a subject, to be outer-joined: a row may have none."""

    table: FromClause
    of: ColumnElement[bool]
    """The condition of the join."""

    @property
    def due_at(self) -> ColumnElement[datetime | None]:
        """The due time; the earliest comes first in an ascending order."""
        return self.table.c.due_at

    @property
    def columns(self) -> tuple[ColumnElement[Any], ...]:
        """The columns that `due_of` reads."""
        c = self.table.c
        return c.kind.label("due_kind"), c.due_at.label("due_at"), c.is_running.label("due_runs")

    def is_late(self, now: ColumnElement[Any]) -> ColumnElement[bool]:
        """The condition that it runs and is overdue."""
        return and_(self.table.c.is_running, self.table.c.due_at < now)

    def joined_to(self, rows: FromClause) -> FromClause:
        """The rows of the subject, outer-joined to their current deadlines."""
        return rows.join(self.table, self.of, isouter=True)


def current(subject: str, of: ColumnElement[int], *, owed_by: Side, name: str) -> Current:
    """The current deadline of the row whose id is the column `of`; `name` is its alias in the statement."""
    table = _deadlines.alias(name)
    # Written as in SQLite's partial index: SQLite does not see that «= 1» is the same.
    is_current: ColumnElement[bool] = literal_column(f"{name}.is_current")
    return Current(
        table,
        and_(table.c.subject_id == of, table.c.subject == subject, table.c.owed_by == owed_by, is_current),
    )


def due_at(session: Session, *, subject: str, subject_id: int) -> datetime | None:
    """When what the desk owes for the subject is due; None = nothing runs."""
    c = _deadlines.c
    of = (c.subject == subject, c.subject_id == subject_id, c.owed_by == Side.DESK, c.is_running)
    found: datetime | None = session.scalar(select(func.min(c.due_at)).where(*of))
    return found


def late_ones(subject: str, *, owed_by: Side, now: ColumnElement[Any]) -> Select[tuple[int]]:
    """The ids of the rows of a subject with something overdue, as in `Current.is_late`, to be counted."""
    c = _deadlines.c
    runs: ColumnElement[bool] = literal_column("deadlines.is_running")
    return select(c.subject_id).where(c.subject == subject, c.owed_by == owed_by, runs, c.due_at < now)


def due_of(row: Row[Any]) -> CurrentDeadline | None:
    """The deadline in a row that was read with `Current.columns`; None = there never was one."""
    return None if row.due_kind is None else CurrentDeadline(row.due_kind, row.due_at, row.due_runs)
