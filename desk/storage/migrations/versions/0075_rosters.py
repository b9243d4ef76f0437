"""Who of the staff of an office is off duty on which day, and what areas say of those who keep order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import sort_key

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "duty_days_off",
        sa.Column("office_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("staff_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_duty_days_off_office_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_members.id"], name=op.f("fk_duty_days_off_staff_id")),
        sa.PrimaryKeyConstraint("office_id", "day", "staff_id", name=op.f("pk_duty_days_off")),
    )
    op.create_index("ix_duty_days_off_day", "duty_days_off", ["day"])
    op.create_table(
        "marshal_conditions",
        sa.Column("area", sort_key(60), nullable=False),
        sa.Column("conditions", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["area"], ["areas.path"], name=op.f("fk_marshal_conditions_area")),
        sa.PrimaryKeyConstraint("area", name=op.f("pk_marshal_conditions")),
    )


def downgrade() -> None:
    op.drop_table("marshal_conditions")
    op.drop_table("duty_days_off")
