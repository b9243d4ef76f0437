"""Codes looked for in vain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Not in a batch: SQLite adds and drops a plain column in place, while a batch would drop and rebuild a table that
# appointments, cases and people point to.


def upgrade() -> None:
    op.add_column("conversations", sa.Column("code_misses", sa.Integer(), server_default="0", nullable=False))
    op.add_column("conversations", sa.Column("first_missed_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("conversations", "first_missed_at")
    op.drop_column("conversations", "code_misses")
