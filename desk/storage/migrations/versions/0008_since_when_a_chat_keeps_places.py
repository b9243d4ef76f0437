"""Since when a chat keeps places without taking one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("kept_since", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("conversations", "kept_since")
