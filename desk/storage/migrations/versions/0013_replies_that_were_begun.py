"""Replies that staff have begun and not sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.base import BigInt
from desk.storage.types import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_drafts",
        sa.Column("case_id", BigInt, nullable=False),
        sa.Column("staff_id", BigInt, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_drafts_case_id"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_members.id"], name="fk_case_drafts_staff_id"),
        sa.PrimaryKeyConstraint("case_id", "staff_id", name="pk_case_drafts"),
    )
    op.create_index("ix_case_drafts_saved_at", "case_drafts", ["saved_at"])


def downgrade() -> None:
    op.drop_table("case_drafts")
