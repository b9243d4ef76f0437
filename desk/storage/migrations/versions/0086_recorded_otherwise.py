"""How many say something else of the money of a visit than its record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None

RULE = "recorded_otherwise >= 0 AND recorded_otherwise <= compared AND compared <= answered"


def upgrade() -> None:
    op.add_column("after_counts", sa.Column("compared", sa.Integer(), nullable=False, server_default="0"))
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("after_counts", sa.Column("recorded_otherwise", sa.Integer(), nullable=False, server_default="0"))
        op.create_check_constraint(op.f("ck_after_counts_recorded_otherwise"), "after_counts", RULE)
    else:
        # Without making the table anew.
        op.execute(
            "ALTER TABLE after_counts ADD COLUMN recorded_otherwise INTEGER DEFAULT '0' NOT NULL"
            f" CONSTRAINT ck_after_counts_recorded_otherwise CHECK ({RULE})"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_after_counts_recorded_otherwise"), "after_counts", type_="check")
    op.drop_column("after_counts", "recorded_otherwise")
    op.drop_column("after_counts", "compared")
