"""One table for all that is due: the clocks of cases move there, with when each was met or let go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

from desk.storage.base import BigInt
from desk.storage.types import Json, UtcDateTime

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

BATCH = 1000
TO_OPEN_AGAIN = timedelta(days=30)
"""How long a closed case may be opened again."""
SOON = timedelta(hours=24)
THE_PERSONS_OWN = ("solved", "withdrawn")
"""Reasons for closing with which no answer is owed any more, though none was given."""

cases = sa.table(
    "cases",
    sa.column("id", BigInt),
    sa.column("state", sa.String),
    sa.column("close_reason", sa.String),
    sa.column("opened_at", UtcDateTime()),
    sa.column("closed_at", UtcDateTime()),
    sa.column("answered_at", UtcDateTime()),
    sa.column("first_due_at", UtcDateTime()),
    sa.column("due_at", UtcDateTime()),
)
entries = sa.table(
    "case_entries",
    sa.column("id", BigInt),
    sa.column("case_id", BigInt),
    sa.column("at", UtcDateTime()),
    sa.column("kind", sa.String),
    sa.column("detail", Json),
)
deadlines = sa.table(
    "deadlines",
    sa.column("subject", sa.String),
    sa.column("subject_id", BigInt),
    sa.column("kind", sa.String),
    sa.column("owed_by", sa.String),
    sa.column("started_at", UtcDateTime()),
    sa.column("due_at", UtcDateTime()),
    sa.column("met_at", UtcDateTime()),
    sa.column("dropped_at", UtcDateTime()),
    sa.column("level", sa.SmallInteger),
    sa.column("look_at", UtcDateTime()),
    sa.column("is_running", sa.Boolean),
    sa.column("is_current", sa.Boolean),
)


def upgrade() -> None:
    op.create_table(
        "deadlines",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("subject", sa.String(length=24), nullable=False),
        sa.Column("subject_id", BigInt, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("owed_by", sa.String(length=24), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("paused_at", UtcDateTime(), nullable=True),
        sa.Column("met_at", UtcDateTime(), nullable=True),
        sa.Column("dropped_at", UtcDateTime(), nullable=True),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("look_at", UtcDateTime(), nullable=True),
        sa.Column("is_running", sa.Boolean(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.CheckConstraint("owed_by IN ('desk', 'person')", name=op.f("ck_deadlines_owed_by")),
        sa.CheckConstraint(
            "is_running = (met_at IS NULL AND dropped_at IS NULL AND paused_at IS NULL)",
            name=op.f("ck_deadlines_is_running"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deadlines"),
    )
    for name, last, where in (
        ("uq_deadlines_open", "kind", sa.text("met_at IS NULL AND dropped_at IS NULL")),
        ("uq_deadlines_current", "owed_by", sa.text("is_current")),
    ):
        op.create_index(
            name,
            "deadlines",
            ["subject_id", "subject", last],
            unique=True,
            sqlite_where=where,
            postgresql_where=where,
        )
    op.create_index(
        "ix_deadlines_due_at",
        "deadlines",
        ["subject", "owed_by", "due_at", "subject_id"],
        sqlite_where=sa.text("is_running"),
        postgresql_where=sa.text("is_running"),
    )
    op.create_index("ix_deadlines_look_at", "deadlines", ["look_at"])
    connection = op.get_bind()
    last_id = 0
    while rows := connection.execute(
        sa.select(cases).where(cases.c.id > last_id).order_by(cases.c.id).limit(BATCH)
    ).fetchall():
        last_id = rows[-1].id
        answered = _last_answers(connection, [row.id for row in rows])
        found = [each for row in rows for each in _of_case(row, answered.get(row.id))]
        if found:
            connection.execute(deadlines.insert(), found)
    # In place: a batch would drop and rebuild a table that entries point to.
    op.drop_index("ix_cases_due_at", "cases")
    for name in ("first_due_at", "due_at"):
        op.drop_column("cases", name)


def _last_answers(connection: sa.Connection, case_ids: list[int]) -> dict[int, datetime]:
    """When each case came to its last answer."""
    found: dict[int, datetime] = {}
    told = sa.select(entries).where(entries.c.case_id.in_(case_ids), entries.c.kind == "state").order_by(entries.c.id)
    for line in connection.execute(told):
        if line.detail.get("to") == "answered":
            found[line.case_id] = line.at
    return found


def _of_case(row: sa.Row[Any], answered: datetime | None) -> Iterator[dict[str, Any]]:
    """What was promised with a case, and until when it may be opened again."""
    given = answered if answered is not None and answered >= row.opened_at else None
    over = row.closed_at if row.state == "closed" else None
    is_theirs = row.close_reason in THE_PERSONS_OWN
    final_met = None
    if row.state == "answered":
        final_met = given or row.answered_at or row.opened_at
    elif over is not None:
        final_met = given or (None if is_theirs else over)
    first_met = row.answered_at or final_met
    first = None if row.first_due_at is None else _row(row, "first_answer", row.first_due_at, met=first_met, over=over)
    final = None if row.due_at is None else _row(row, "final_answer", row.due_at, met=final_met, over=over)
    owed = [each for each in (first, final) if each is not None]
    running = [each for each in owed if each["is_running"]]
    counts = min(running, key=lambda each: each["due_at"]) if running else (owed[-1] if owed else None)
    yield from ({**each, "is_current": each is counts} for each in owed)
    if over is not None:
        until = over + TO_OPEN_AGAIN
        chance = _row(row, "reopening", until, started=over, owed_by="person")
        yield {**chance, "look_at": until, "is_current": True}


def _row(
    row: sa.Row[Any],
    kind: str,
    due_at: datetime,
    *,
    met: datetime | None = None,
    over: datetime | None = None,
    started: datetime | None = None,
    owed_by: str = "desk",
) -> dict[str, Any]:
    is_running = met is None and over is None
    return {
        "subject": "cases",
        "subject_id": row.id,
        "kind": kind,
        "owed_by": owed_by,
        "started_at": started or row.opened_at,
        "due_at": due_at,
        "met_at": met,
        "dropped_at": None if met is not None else over,
        "level": 0,
        # The duty that looks at them brings the level up to date.
        "look_at": due_at - SOON if is_running else None,
        "is_running": is_running,
    }


def downgrade() -> None:
    for name in ("first_due_at", "due_at"):
        op.add_column("cases", sa.Column(name, UtcDateTime(), nullable=True))
    op.create_index("ix_cases_due_at", "cases", ["due_at"])
    connection = op.get_bind()
    for name, kind in (("first_due_at", "first_answer"), ("due_at", "final_answer")):
        of_kind = sa.and_(
            deadlines.c.subject == "cases", deadlines.c.subject_id == cases.c.id, deadlines.c.kind == kind
        )
        last = sa.select(sa.func.max(deadlines.c.due_at)).where(of_kind).scalar_subquery()
        connection.execute(cases.update().values({name: last}))
    op.drop_table("deadlines")
