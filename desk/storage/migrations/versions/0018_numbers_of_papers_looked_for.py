"""Appointments found by their person, and the numbers of papers that staff looked for in vain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# Not in a batch: SQLite adds and drops a plain column in place.


def upgrade() -> None:
    op.create_index("ix_appointments_person_id", "appointments", ["person_id"])
    op.add_column("staff_members", sa.Column("number_misses", sa.Integer(), server_default="0", nullable=False))
    op.add_column("staff_members", sa.Column("first_missed_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("staff_members", "first_missed_at")
    op.drop_column("staff_members", "number_misses")
    op.drop_index("ix_appointments_person_id", table_name="appointments")
