"""Closings of several days at several queues, and until when nobody is told of a change."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import Json, UtcDateTime

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

STEPS = ("waiting", "done", "back", "undone", "left")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("changes", sa.Column("carry_from", UtcDateTime()))
    op.create_table(
        "closings",
        sa.Column("change_id", BIG, nullable=False, autoincrement=False),
        sa.Column("wish", Json, nullable=False),
        sa.Column("undone_at", UtcDateTime()),
        sa.Column("undone_by", BIG),
        sa.ForeignKeyConstraint(["change_id"], ["changes.id"], name=op.f("fk_closings_change_id")),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_closings")),
    )
    op.create_table(
        "closed_days",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("change_id", BIG, nullable=False),
        sa.Column("queue_id", BIG, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(*STEPS, name="step", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("before", Json),
        sa.Column("after", Json),
        sa.ForeignKeyConstraint(["change_id"], ["closings.change_id"], name=op.f("fk_closed_days_change_id")),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_closed_days_queue_id")),
        sa.UniqueConstraint("change_id", "queue_id", "day", name=op.f("uq_closed_days_change_id_queue_id_day")),
    )
    under_way = sa.text("step IN ('waiting', 'back')")
    op.create_index("ix_closed_days_open", "closed_days", ["id"], sqlite_where=under_way, postgresql_where=under_way)


def downgrade() -> None:
    op.drop_index("ix_closed_days_open", table_name="closed_days")
    op.drop_table("closed_days")
    op.drop_table("closings")
    op.drop_column("changes", "carry_from")
