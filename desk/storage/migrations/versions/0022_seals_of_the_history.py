"""The seals over batches of the history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.base import BigInt
from desk.storage.types import UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_seals",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.Column("newest_at", UtcDateTime(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("is_emptied", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_seals")),
    )


def downgrade() -> None:
    op.drop_table("event_seals")
