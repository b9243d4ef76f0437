"""The printed slips of people who come without an appointment, each of which ties one to a chat once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0090"
down_revision = "0089"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ONCE = "mark IS NULL OR (spent_mark IS NULL AND tied_at IS NULL AND undone_at IS NULL)"


def upgrade() -> None:
    op.create_table(
        "walk_in_slips",
        sa.Column("appointment_id", ID, autoincrement=False, nullable=False),
        sa.Column("mark", sa.String(32), nullable=True),
        sa.Column("spent_mark", sa.String(32), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("tied_at", UtcDateTime(), nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(ONCE, name=op.f("ck_walk_in_slips_once")),
        sa.CheckConstraint("mark IS NOT NULL OR spent_mark IS NOT NULL", name=op.f("ck_walk_in_slips_known")),
        sa.CheckConstraint("tied_at IS NULL OR undone_at IS NULL", name=op.f("ck_walk_in_slips_state")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_walk_in_slips_appointment_id")),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_walk_in_slips")),
        sa.UniqueConstraint("mark", name=op.f("uq_walk_in_slips_mark")),
        sa.UniqueConstraint("spent_mark", name=op.f("uq_walk_in_slips_spent_mark")),
    )


def downgrade() -> None:
    op.drop_table("walk_in_slips")
