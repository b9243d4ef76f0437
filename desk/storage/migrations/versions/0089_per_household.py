"""Services whose minutes count per household, and which appointment of a household has the place of its slot."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("services", sa.Column("is_per_household", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("households", sa.Column("shares_place", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("appointments", sa.Column("has_place", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    op.drop_column("appointments", "has_place")
    op.drop_column("households", "shares_place")
    op.drop_column("services", "is_per_household")
