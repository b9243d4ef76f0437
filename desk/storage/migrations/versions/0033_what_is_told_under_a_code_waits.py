"""A table in which what is told under a code alone waits, encrypted, until it is handed over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.base import BigInt
from desk.storage.types import UtcDateTime

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_arrivals",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_arrivals")),
    )
    op.create_index("uq_case_arrivals_place", "case_arrivals", ["mark", "place"], unique=True)
    op.create_index("ix_case_arrivals_due_at", "case_arrivals", ["due_at"])


def downgrade() -> None:
    op.drop_table("case_arrivals")
