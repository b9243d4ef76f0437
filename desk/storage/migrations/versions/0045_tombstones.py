"""What was erased is remembered until a file outside of the database tells it, and how far that file was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.base import BigInt

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tombstones",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("key_name", sa.String(length=8), nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstones")),
    )
    op.create_table(
        "tombstone_file",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("chain", sa.String(length=32), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_tombstone_file_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstone_file")),
    )


def downgrade() -> None:
    op.drop_table("tombstone_file")
    op.drop_table("tombstones")
