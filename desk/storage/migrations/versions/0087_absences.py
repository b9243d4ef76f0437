"""Recorded absences to which people may object, and past days with missing outcomes of which offices were told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = ("asked", "away", "objected", "overturned", "upheld", "undone")
WHY = ("not_seen", "another_day", "after_closing", "another_office")


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("id", ID, nullable=False),
        sa.Column("appointment_id", ID, nullable=False),
        sa.Column("nth", sa.SmallInteger(), nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", ID, nullable=True),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", ID, nullable=True),
        sa.Column(
            "why", sa.Enum(*WHY, name="why", native_enum=False, create_constraint=True, length=24), nullable=True
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (state NOT IN ('overturned', 'upheld'))", name=op.f("ck_absences_decided")
        ),
        sa.CheckConstraint("(why IS NOT NULL) = (state = 'upheld')", name=op.f("ck_absences_given")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_absences_appointment_id")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_absences_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sa.UniqueConstraint("appointment_id", "nth", name=op.f("uq_absences_appointment_id_nth")),
    )
    objected = sa.text("state = 'objected'")
    op.create_index("ix_absences_objected", "absences", ["office_id"], sqlite_where=objected, postgresql_where=objected)
    op.create_index("ix_absences_decided_at", "absences", ["decided_at"])
    op.create_table(
        "unrecorded_days",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_unrecorded_days_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unrecorded_days")),
        sa.UniqueConstraint("office_id", "day", name=op.f("uq_unrecorded_days_office_id_day")),
    )
    unrecorded = sa.text("NOT is_live AND state IN ('booked', 'arrived')")
    op.create_index(
        "ix_appointments_unrecorded",
        "appointments",
        ["office_id", "day"],
        sqlite_where=unrecorded,
        postgresql_where=unrecorded,
    )


def downgrade() -> None:
    op.drop_index("ix_appointments_unrecorded", "appointments")
    op.drop_table("unrecorded_days")
    op.drop_table("absences")
    op.execute("DELETE FROM deadlines WHERE subject IN ('absences', 'unrecorded')")
