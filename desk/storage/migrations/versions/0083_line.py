"""The line of the day: who is in it and how far, the numbers of its order, numbers given out, presses applied."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = "('here', 'called', 'in_service', 'held', 'done', 'left')"
AT_COUNTER = sa.text("state IN ('called', 'in_service')")
HAS_CLASS = sa.text("class_id IS NOT NULL")
BOUNDS = {
    "late_after": (0, 240),
    "walk_in_counts_after": (5, 480),
    "most_calls": (1, 9),
    "priority_every": (1, 20),
    "come_now_at": (1, 20),
}


def upgrade() -> None:
    op.create_table(
        "line_entries",
        sa.Column("appointment_id", ID, autoincrement=False, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("call_number", sa.String(9), nullable=False),
        sa.Column("is_walk_in", sa.Boolean(), nullable=False),
        sa.Column("class_id", ID, nullable=True),
        sa.Column("came_at", UtcDateTime(), nullable=False),
        sa.Column("lines_up_at", UtcDateTime(), nullable=False),
        sa.Column("quarter_at", UtcDateTime(), nullable=True),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("done_from", sa.String(24), nullable=True),
        sa.Column("counter", sa.SmallInteger(), nullable=True),
        sa.Column("first_called_at", UtcDateTime(), nullable=True),
        sa.Column("called_at", UtcDateTime(), nullable=True),
        sa.Column("calls", sa.SmallInteger(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by", ID, nullable=True),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_line_entries_state")),
        sa.CheckConstraint(f"done_from IN {STATES}", name=op.f("ck_line_entries_done_from")),
        sa.CheckConstraint("counter BETWEEN 1 AND 99", name=op.f("ck_line_entries_counter")),
        sa.CheckConstraint(
            "state NOT IN ('called', 'in_service') OR (counter IS NOT NULL AND called_at IS NOT NULL)",
            name=op.f("ck_line_entries_at_counter"),
        ),
        sa.CheckConstraint("state <> 'in_service' OR began_at IS NOT NULL", name=op.f("ck_line_entries_in_service")),
        sa.CheckConstraint("(state = 'done') = (done_from IS NOT NULL)", name=op.f("ck_line_entries_done")),
        sa.CheckConstraint("calls >= 0 AND (calls > 0) = (called_at IS NOT NULL)", name=op.f("ck_line_entries_calls")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_line_entries_appointment_id")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_line_entries_office_id")),
        sa.ForeignKeyConstraint(["class_id"], ["priority_classes.id"], name=op.f("fk_line_entries_class_id")),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_line_entries")),
        sa.UniqueConstraint("office_id", "day", "call_number", name=op.f("uq_line_entries_office_id_day_call_number")),
    )
    op.create_index(
        "uq_line_entries_counter",
        "line_entries",
        ["office_id", "day", "counter"],
        unique=True,
        sqlite_where=AT_COUNTER,
        postgresql_where=AT_COUNTER,
    )
    op.create_index(
        "ix_line_entries_class", "line_entries", ["day"], sqlite_where=HAS_CLASS, postgresql_where=HAS_CLASS
    )
    op.create_table(
        "line_settings",
        sa.Column("office_id", ID, autoincrement=False, nullable=False),
        *(sa.Column(name, sa.SmallInteger(), nullable=False) for name in BOUNDS),
        *(
            sa.CheckConstraint(f"{name} BETWEEN {least} AND {most}", name=op.f(f"ck_line_settings_{name}"))
            for name, (least, most) in BOUNDS.items()
        ),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_line_settings_office_id")),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_line_settings")),
    )
    op.create_table(
        "line_counters",
        sa.Column("office_id", ID, autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.CheckConstraint("last >= 0", name=op.f("ck_line_counters_last")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_line_counters_office_id")),
        sa.PrimaryKeyConstraint("office_id", "day", name=op.f("pk_line_counters")),
    )
    op.create_table(
        "line_presses",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("staff_id", ID, nullable=True),
        sa.Column("what", sa.String(24), nullable=False),
        sa.Column("appointment_id", ID, nullable=True),
        sa.Column("pressed_at", UtcDateTime(), nullable=False),
        sa.Column("applied_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_presses")),
        sa.UniqueConstraint("key", name=op.f("uq_line_presses_key")),
    )
    op.create_index("ix_line_presses_applied_at", "line_presses", ["applied_at"])


def downgrade() -> None:
    for table in ("line_presses", "line_counters", "line_settings", "line_entries"):
        op.drop_table(table)
