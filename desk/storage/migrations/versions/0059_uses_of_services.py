"""How often a service is booked, so that what is used most is listed first; a job counts it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Not in a batch: that would write the table anew on SQLite, and older steps back could not take their columns out.
    op.add_column("services", sa.Column("used", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("services", "used")
