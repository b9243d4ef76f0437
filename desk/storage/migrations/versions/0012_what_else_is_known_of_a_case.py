"""What else is known of a case: answers to the questions that only some kinds of complaint have."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import Json

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# Not in a batch: SQLite adds and drops a plain column in place, while a batch would drop and rebuild a table that
# entries point to.


def upgrade() -> None:
    op.add_column("cases", sa.Column("facts", Json, server_default="{}", nullable=False))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("cases", "facts", server_default=None)


def downgrade() -> None:
    op.drop_column("cases", "facts")
