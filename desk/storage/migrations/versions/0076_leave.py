"""Leave that staff ask for, and the days without a marshal of which an office was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "leaves",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("word_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", ID, nullable=True),
        sa.CheckConstraint("state IN ('asked', 'granted', 'declined', 'withdrawn')", name=op.f("ck_leaves_state")),
        sa.CheckConstraint("last >= first", name=op.f("ck_leaves_days")),
        sa.CheckConstraint("(state = 'asked') = (decided_at IS NULL)", name=op.f("ck_leaves_decided")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_leaves_office_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_members.id"], name=op.f("fk_leaves_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaves")),
    )
    op.create_index("ix_leaves_office_id", "leaves", ["office_id", "state"])
    op.create_index("ix_leaves_staff_id", "leaves", ["staff_id", "last"])
    op.create_index("ix_leaves_last", "leaves", ["last"])
    op.create_table(
        "unkept_days",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_unkept_days_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unkept_days")),
        sa.UniqueConstraint("office_id", "day", name=op.f("uq_unkept_days_office_id_day")),
    )
    op.create_index("ix_unkept_days_day", "unkept_days", ["day"])


def downgrade() -> None:
    op.drop_table("unkept_days")
    op.drop_table("leaves")
