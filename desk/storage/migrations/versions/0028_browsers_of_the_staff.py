"""Sessions know their browser and when the password was said once more; issued passwords have an end."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from desk.clock import now
from desk.storage.base import BigInt
from desk.storage.types import UtcDateTime

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# Not in a batch: SQLite adds and drops plain columns in place.
SESSION_COLUMNS = ("device_hash", "browser", "machine", "proof_hash", "proved_at", "wrong_answers")

members = sa.table(
    "staff_members",
    sa.column("must_change_password", sa.Boolean),
    sa.column("password_until", UtcDateTime()),
)


def upgrade() -> None:
    op.add_column("staff_members", sa.Column("password_until", UtcDateTime(), nullable=True))
    # Who has not changed an issued password yet has a day from now on.
    op.execute(
        members.update().where(members.c.must_change_password).values(password_until=now() + timedelta(hours=24))
    )
    op.add_column("staff_sessions", sa.Column("device_hash", sa.String(length=64), nullable=True))
    op.add_column("staff_sessions", sa.Column("browser", sa.String(length=20), server_default="", nullable=False))
    op.add_column("staff_sessions", sa.Column("machine", sa.String(length=20), server_default="", nullable=False))
    op.add_column("staff_sessions", sa.Column("proof_hash", sa.String(length=64), nullable=True))
    op.add_column("staff_sessions", sa.Column("proved_at", UtcDateTime(), nullable=True))
    op.add_column("staff_sessions", sa.Column("wrong_answers", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "staff_devices",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", BigInt, nullable=False),
        sa.Column("failed_sign_ins", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", UtcDateTime(), nullable=True),
        sa.Column("used_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_members.id"], name=op.f("fk_staff_devices_staff_id")),
        sa.PrimaryKeyConstraint("token_hash", "staff_id", name=op.f("pk_staff_devices")),
    )
    op.create_index(op.f("ix_staff_devices_staff_id"), "staff_devices", ["staff_id"])


def downgrade() -> None:
    op.drop_table("staff_devices")
    for name in reversed(SESSION_COLUMNS):
        op.drop_column("staff_sessions", name)
    op.drop_column("staff_members", "password_until")
