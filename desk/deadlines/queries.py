"""What is due next, and what is late: columns and conditions for the lists of whatever has deadlines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, literal_column, select
from sqlalchemy.sql import FromClause

from desk.deadlines.models import Deadline
from desk.deadlines.rows import Due
from desk.deadlines.rules import Side
from desk.storage.upsert import table_of

_deadlines = table_of(Deadline)


@dataclass(frozen=True, slots=True)
class Current:
    """The deadline that counts for each row of a subject, to be joined to it from the outside: most rows have one."""

    table: FromClause
    of: ColumnElement[bool]
    """The condition of the join."""

    @property
    def due_at(self) -> ColumnElement[datetime | None]:
        """Order by it: the soonest first."""
        return self.table.c.due_at

    @property
    def columns(self) -> tuple[ColumnElement[Any], ...]:
        """What `due_of` wants of a row."""
        c = self.table.c
        return c.kind.label("due_kind"), c.due_at.label("due_at"), c.is_running.label("due_runs")

    def is_late(self, now: ColumnElement[Any]) -> ColumnElement[bool]:
        """The condition that it runs and was to be met before."""
        return and_(self.table.c.is_running, self.table.c.due_at < now)

    def joined_to(self, rows: FromClause) -> FromClause:
        """The rows of the subject, each with the deadline that counts for it."""
        return rows.join(self.table, self.of, isouter=True)


def current(subject: str, of: ColumnElement[int], *, owed_by: Side, name: str) -> Current:
    """The deadline that counts for the row whose id is the column `of`; `name` calls it in the statement."""
    table = _deadlines.alias(name)
    # As SQLite's partial index is written: it does not see that «= 1» is the same.
    is_current: ColumnElement[bool] = literal_column(f"{name}.is_current")
    return Current(
        table,
        and_(table.c.subject_id == of, table.c.subject == subject, table.c.owed_by == owed_by, is_current),
    )


def late_ones(subject: str, *, owed_by: Side, now: ColumnElement[Any]) -> Select[tuple[int]]:
    """The ids of the rows of a subject for which something is late; as `Current.is_late`, to be counted."""
    c = _deadlines.c
    runs: ColumnElement[bool] = literal_column("deadlines.is_running")
    return select(c.subject_id).where(c.subject == subject, c.owed_by == owed_by, runs, c.due_at < now)


def due_of(row: Row[Any]) -> Due | None:
    """The deadline in a row that was read with `Current.columns`; None = there never was one."""
    return None if row.due_kind is None else Due(row.due_kind, row.due_at, row.due_runs)
