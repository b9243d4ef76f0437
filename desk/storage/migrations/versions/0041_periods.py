"""Finds what is older than its period: past turns that say whose they were, and visits with a note."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

NAMED, NOTED = sa.text("person_id IS NOT NULL"), sa.text("note_sealed IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_appointments_named_day", "appointments", ["day"], sqlite_where=NAMED, postgresql_where=NAMED)
    op.create_index("ix_visits_noted", "visits", ["appointment_id"], sqlite_where=NOTED, postgresql_where=NOTED)


def downgrade() -> None:
    op.drop_index("ix_visits_noted", "visits")
    op.drop_index("ix_appointments_named_day", "appointments")
