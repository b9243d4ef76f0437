"""Passkeys of the staff, and how many challenges a session has taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.base import BigInt
from desk.storage.types import UtcDateTime

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

# Not in a batch: SQLite adds and drops plain columns in place.


def upgrade() -> None:
    op.add_column("staff_members", sa.Column("has_passkey", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("staff_sessions", sa.Column("challenges", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "staff_passkeys",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("staff_id", BigInt, nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", BigInt, nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_members.id"], name=op.f("fk_staff_passkeys_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_passkeys")),
    )
    op.create_index(op.f("ix_staff_passkeys_staff_id"), "staff_passkeys", ["staff_id"])


def downgrade() -> None:
    op.drop_table("staff_passkeys")
    op.drop_column("staff_sessions", "challenges")
    op.drop_column("staff_members", "has_passkey")
