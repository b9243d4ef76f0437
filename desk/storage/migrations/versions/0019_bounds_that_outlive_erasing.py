"""The bounds a chat had met when it was erased, for a day, so that erasing opens no way around them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chat_rests",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("code_misses", sa.Integer(), nullable=False),
        sa.Column("first_missed_at", UtcDateTime(), nullable=True),
        sa.Column("kept_since", UtcDateTime(), nullable=True),
        sa.Column("erased_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_chat_rests"),
    )


def downgrade() -> None:
    op.drop_table("chat_rests")
