"""Limits of a chat that staff raised, under the hash by which the chat is counted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

KINDS = ("live_appointments", "new_people", "holds", "cancellations", "without_paper")
REASONS = ("household", "helper", "our_fault")


def upgrade() -> None:
    op.create_table(
        "chat_allowances",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column(
            "kind", sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=24), nullable=False
        ),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(*REASONS, name="reason", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("most BETWEEN 1 AND 30", name=op.f("ck_chat_allowances_most")),
        sa.PrimaryKeyConstraint("mark", "kind", name=op.f("pk_chat_allowances")),
    )
    op.create_index("ix_chat_allowances_ends_at", "chat_allowances", ["ends_at"])


def downgrade() -> None:
    op.drop_table("chat_allowances")
