"""A large closing tells those who have to be there soon before its other days are closed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None

INSTANTS = ("soon_until", "others_after")


def upgrade() -> None:
    for name in INSTANTS:
        op.add_column("changes", sa.Column(name, UtcDateTime(), nullable=True))


def downgrade() -> None:
    for name in INSTANTS:
        op.drop_column("changes", name)
