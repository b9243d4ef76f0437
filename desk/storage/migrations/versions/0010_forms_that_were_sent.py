"""Forms of the back office that were sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form_keys",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("led_to", sa.String(length=400), nullable=True),
        sa.PrimaryKeyConstraint("key_hash", name="pk_form_keys"),
    )
    op.create_index("ix_form_keys_sent_at", "form_keys", ["sent_at"])


def downgrade() -> None:
    op.drop_index("ix_form_keys_sent_at", table_name="form_keys")
    op.drop_table("form_keys")
