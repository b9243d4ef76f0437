"""The clocks of a case: when it was opened (again), since when it is in its state, when it was closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from desk.storage.base import BigInt
from desk.storage.types import Json, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

LONG_AGO = "1970-01-01 00:00:00.000000"
"""Stands in each row for a moment: what is not allowed to be empty cannot be added without a value."""

BATCH = 1000

cases = sa.table(
    "cases",
    sa.column("id", BigInt),
    sa.column("state", sa.String),
    sa.column("created_at", UtcDateTime()),
    sa.column("first_due_at", UtcDateTime()),
    sa.column("answered_at", UtcDateTime()),
    sa.column("opened_at", UtcDateTime()),
    sa.column("state_at", UtcDateTime()),
    sa.column("closed_at", UtcDateTime()),
    sa.column("changed_at", UtcDateTime()),
)
entries = sa.table(
    "case_entries",
    sa.column("id", BigInt),
    sa.column("case_id", BigInt),
    sa.column("at", UtcDateTime()),
    sa.column("kind", sa.String),
    sa.column("detail", Json),
)


# Not in a batch: SQLite adds and drops a plain column in place, while a batch would drop and rebuild a table that
# entries point to.


def upgrade() -> None:
    for name in ("opened_at", "state_at"):
        op.add_column("cases", sa.Column(name, UtcDateTime(), server_default=LONG_AGO, nullable=False))
    op.add_column("cases", sa.Column("closed_at", UtcDateTime(), nullable=True))
    connection = op.get_bind()
    last = 0
    while rows := connection.execute(
        sa.select(cases).where(cases.c.id > last).order_by(cases.c.id).limit(BATCH)
    ).fetchall():
        last = rows[-1].id
        ids = [row.id for row in rows]
        lines: dict[int, list[sa.Row[Any]]] = {}
        told = sa.select(entries).where(entries.c.case_id.in_(ids), entries.c.kind.in_(("said", "reply", "state")))
        for line in connection.execute(told.order_by(entries.c.id)):
            lines.setdefault(line.case_id, []).append(line)
        connection.execute(
            cases.update()
            .where(cases.c.id == sa.bindparam("case_row"))
            .values({name: sa.bindparam(f"new_{name}") for name in CLOCKS}),
            [{"case_row": row.id, **dict(_clocks(row, lines.get(row.id, [])))} for row in rows],
        )
    if connection.dialect.name == "postgresql":
        for name in ("opened_at", "state_at"):
            op.alter_column("cases", name, server_default=None)


CLOCKS = ("opened_at", "state_at", "closed_at", "changed_at", "first_due_at")


def _clocks(row: sa.Row[Any], lines: list[sa.Row[Any]]) -> Iterator[tuple[str, datetime | None]]:
    """What the thread tells about its case; where it tells nothing, the day it was filed or last written in."""
    opened = state = changed = row.created_at
    closed: datetime | None = None
    for line in lines:
        changed = line.at
        if line.kind != "state":
            continue
        before, after = line.detail.get("from"), line.detail.get("to")
        state, closed = line.at, line.at if after == "closed" else None
        if before == "closed" or (before == "answered" and after == "in_review"):
            opened = line.at
    if row.state == "closed" and closed is None:
        closed = state = row.changed_at
    first_due: datetime | None = row.first_due_at
    if opened > row.created_at and first_due is not None and row.answered_at is None and row.state != "closed":
        # It was opened again before anybody had answered, and kept a promise that was past already.
        first_due = opened + max(first_due - row.created_at, timedelta(0))
    yield "new_opened_at", opened
    yield "new_state_at", state
    yield "new_closed_at", closed if row.state == "closed" else None
    yield "new_changed_at", changed
    yield "new_first_due_at", first_due


def downgrade() -> None:
    for name in ("closed_at", "state_at", "opened_at"):
        op.drop_column("cases", name)
