"""Offices state their capacity in worksheets, and areas say whether the hours of their offices need approval."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from desk.storage.types import UtcDateTime, sort_key

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON: Any = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
STATES = ("stated", "approved", "for_a_time", "own", "returned", "withdrawn", "replaced")


def upgrade() -> None:
    op.create_table(
        "hours_approvals",
        sa.Column("area", sort_key(60), nullable=False),
        sa.Column("is_needed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["area"], ["areas.path"], name=op.f("fk_hours_approvals_area")),
        sa.PrimaryKeyConstraint("area", name=op.f("pk_hours_approvals")),
    )
    op.create_table(
        "worksheets",
        sa.Column("id", ID, nullable=False),
        sa.Column("queue_id", ID, nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("week", JSON, nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=False),
        sa.Column("stated_at", UtcDateTime(), nullable=False),
        sa.Column("stated_by", ID, nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.CheckConstraint("(state = 'stated') = (decided_at IS NULL)", name=op.f("ck_worksheets_decided")),
        sa.CheckConstraint("state <> 'for_a_time' OR until_day IS NOT NULL", name=op.f("ck_worksheets_until_day")),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_worksheets_queue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worksheets")),
    )
    undecided = sa.text("state = 'stated'")
    op.create_index(
        "uq_worksheets_undecided",
        "worksheets",
        ["queue_id"],
        unique=True,
        sqlite_where=undecided,
        postgresql_where=undecided,
    )
    op.create_index("ix_worksheets_queue_id", "worksheets", ["queue_id", "id"])


def downgrade() -> None:
    """The weeks that were approved stay, for they are the hours of the queues."""
    op.drop_table("worksheets")
    op.drop_table("hours_approvals")
    op.execute("DELETE FROM deadlines WHERE subject = 'worksheets'")
