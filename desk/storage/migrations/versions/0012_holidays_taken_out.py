"""Holidays that staff took out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("holidays", sa.Column("withdrawn_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    # Without the column a row taken out would close its day again.
    op.execute("DELETE FROM holidays WHERE withdrawn_at IS NOT NULL")
    op.drop_column("holidays", "withdrawn_at")
