"""Accounts may have a second factor: codes of an app, and recovery codes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.base import BigInt
from desk.storage.types import UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

# Not in a batch: SQLite adds and drops plain columns in place.


def upgrade() -> None:
    op.add_column("staff_members", sa.Column("second_factor_at", UtcDateTime(), nullable=True))
    op.add_column("staff_sessions", sa.Column("awaits_code", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "staff_totp",
        sa.Column("staff_id", BigInt, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("new_secret", sa.LargeBinary(), nullable=True),
        sa.Column("last_step", BigInt, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_members.id"], name=op.f("fk_staff_totp_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_totp")),
    )
    op.create_table(
        "staff_recovery_codes",
        sa.Column("staff_id", BigInt, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_members.id"], name=op.f("fk_staff_recovery_codes_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", "mark", name=op.f("pk_staff_recovery_codes")),
    )


def downgrade() -> None:
    op.drop_table("staff_recovery_codes")
    op.drop_table("staff_totp")
    op.drop_column("staff_sessions", "awaits_code")
    op.drop_column("staff_members", "second_factor_at")
