"""The times that offices propose for those they took away."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

STATES = ("open", "stands", "accepted", "changed", "given_back", "lapsed", "withdrawn")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", BIG, primary_key=True),
        sa.Column("appointment_id", BIG, nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("nth", sa.SmallInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime()),
        sa.Column("over_at", UtcDateTime()),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_proposals_appointment_id")),
        sa.UniqueConstraint("appointment_id", "moves", name=op.f("uq_proposals_appointment_id_moves")),
    )
    waiting = sa.text("state = 'open'")
    op.create_index("ix_proposals_until", "proposals", ["until"], sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    op.drop_index("ix_proposals_until", table_name="proposals")
    op.drop_table("proposals")
