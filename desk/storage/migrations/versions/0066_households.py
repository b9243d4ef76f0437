"""Appointments that one request booked for several people are tied."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "households",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("people", sa.SmallInteger(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("people > 1", name=op.f("ck_households_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_households")),
    )
    with op.batch_alter_table("appointments") as table:
        table.add_column(sa.Column("household_id", BIG, nullable=True))
        table.create_foreign_key(op.f("fk_appointments_household_id"), "households", ["household_id"], ["id"])
    op.create_index(
        "ix_appointments_household_id",
        "appointments",
        ["household_id"],
        sqlite_where=sa.text("household_id IS NOT NULL"),
        postgresql_where=sa.text("household_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_appointments_household_id", "appointments")
    with op.batch_alter_table("appointments") as table:
        table.drop_constraint(op.f("fk_appointments_household_id"), type_="foreignkey")
        table.drop_column("household_id")
    op.drop_table("households")
