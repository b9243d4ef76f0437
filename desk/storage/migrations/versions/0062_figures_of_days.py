"""The places of each queue and day are counted and kept, for pages over many offices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

COUNTS = ("planned", "released", "taken", "free", "booked", "came", "served", "absent")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "day_figures",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("queue_id", BIG, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("counted_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "planned >= 0 AND released >= 0 AND taken >= 0 AND free >= 0 AND booked >= 0 AND served >= 0 "
            "AND absent >= 0 AND came >= served",
            name=op.f("ck_day_figures_counts"),
        ),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_day_figures_queue_id")),
        sa.PrimaryKeyConstraint("day", "queue_id", name=op.f("pk_day_figures")),
    )
    op.create_index("ix_day_figures_queue_id", "day_figures", ["queue_id", "counted_at"])


def downgrade() -> None:
    op.drop_table("day_figures")
