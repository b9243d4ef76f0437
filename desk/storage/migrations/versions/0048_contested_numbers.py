"""A second chat may have a contested appointment of the same number and service."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

OF_NUMBER = ["person_id", "service_id"]
LIVE = sa.text("is_live")
INDEXES = (
    ("uq_appointments_live", OF_NUMBER, sa.text("is_live AND NOT is_contested")),
    ("uq_appointments_contested", OF_NUMBER, sa.text("is_live AND is_contested")),
    ("uq_appointments_live_in_chat", ["conversation_id", *OF_NUMBER], LIVE),
)


def upgrade() -> None:
    op.add_column("appointments", sa.Column("is_contested", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_index("uq_appointments_live", "appointments")
    for name, columns, where in INDEXES:
        op.create_index(name, "appointments", columns, unique=True, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    # Before, a number had one: the contested ones stay as rows, but stand in nobody's way.
    op.execute("UPDATE appointments SET is_live = false WHERE is_contested")
    for name, _columns, _where in INDEXES:
        op.drop_index(name, "appointments")
    op.create_index(
        "uq_appointments_live", "appointments", OF_NUMBER, unique=True, sqlite_where=LIVE, postgresql_where=LIVE
    )
    op.drop_column("appointments", "is_contested")
