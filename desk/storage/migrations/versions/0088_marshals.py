"""Shifts of those who keep order, alarms that a crowd has formed, and who has seen these."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "marshal_shifts",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("began_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("entered_by", ID, nullable=True),
        sa.CheckConstraint("ended_at > began_at", name=op.f("ck_marshal_shifts_times")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_marshal_shifts_office_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_members.id"], name=op.f("fk_marshal_shifts_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marshal_shifts")),
    )
    op.create_index("ix_marshal_shifts_day", "marshal_shifts", ["office_id", "day"])
    is_open = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_marshal_shifts_open",
        "marshal_shifts",
        ["office_id", "staff_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        "crowd_alarms",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("raised_at", UtcDateTime(), nullable=False),
        sa.Column("raised_by", ID, nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_crowd_alarms_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crowd_alarms")),
    )
    op.create_index("ix_crowd_alarms_office_id", "crowd_alarms", ["office_id", "raised_at"])
    op.create_index("ix_crowd_alarms_raised_at", "crowd_alarms", ["raised_at"])
    op.create_table(
        "crowd_alarms_seen",
        sa.Column("alarm_id", ID, nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["alarm_id"], ["crowd_alarms.id"], name=op.f("fk_crowd_alarms_seen_alarm_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_members.id"], name=op.f("fk_crowd_alarms_seen_staff_id")),
        sa.PrimaryKeyConstraint("alarm_id", "staff_id", name=op.f("pk_crowd_alarms_seen")),
    )


def downgrade() -> None:
    op.drop_table("crowd_alarms_seen")
    op.drop_table("crowd_alarms")
    op.drop_table("marshal_shifts")
