"""Until when a fee held before a later one cut it short, so that it comes back where the later one is withdrawn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("service_fees", sa.Column("cut_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
    op.add_column("service_fees", sa.Column("uncut_to", sa.Date()))


def downgrade() -> None:
    op.drop_column("service_fees", "uncut_to")
    op.drop_column("service_fees", "cut_by")
