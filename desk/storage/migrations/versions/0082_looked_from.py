"""From which start on free places were looked through for somebody who waits: nearer ones can be offered to nobody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("standing_requests", sa.Column("looked_from", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("standing_requests", "looked_from")
