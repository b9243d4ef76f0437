"""The place of an entry within its case: ids are random from now on, and tell no order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.base import BigInt

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

entries = sa.table(
    "case_entries",
    sa.column("id", BigInt),
    sa.column("case_id", BigInt),
    sa.column("place", sa.Integer),
)
earlier = entries.alias("earlier")


def upgrade() -> None:
    # In place: a batch would drop and rebuild the table.
    op.add_column("case_entries", sa.Column("place", sa.Integer(), server_default="0", nullable=False))
    before = (
        sa.select(sa.func.count())
        .select_from(earlier)
        .where(earlier.c.case_id == entries.c.case_id, earlier.c.id <= entries.c.id)
        .scalar_subquery()
    )
    op.execute(entries.update().values(place=before))
    op.create_index("uq_case_entries_place", "case_entries", ["case_id", "place"], unique=True)
    op.drop_index("ix_case_entries_case_id", "case_entries")


def downgrade() -> None:
    op.create_index("ix_case_entries_case_id", "case_entries", ["case_id"])
    op.drop_index("uq_case_entries_place", "case_entries")
    op.drop_column("case_entries", "place")
