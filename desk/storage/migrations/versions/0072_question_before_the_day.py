"""A service asks people some days before whether they come, and an appointment keeps the question and the answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None

BOUNDS = "asks_days_before BETWEEN 2 AND 14"
INSTANTS = ("asked_at", "confirmed_at")


def upgrade() -> None:
    for name in INSTANTS:
        op.add_column("appointments", sa.Column(name, UtcDateTime(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("services", sa.Column("asks_days_before", sa.SmallInteger(), nullable=True))
        op.create_check_constraint(op.f("ck_services_asks_days_before"), "services", BOUNDS)
        return
    # Without making the table anew: other tables refer to it.
    constraint = f"CONSTRAINT ck_services_asks_days_before CHECK ({BOUNDS})"
    op.execute(f"ALTER TABLE services ADD COLUMN asks_days_before SMALLINT {constraint}")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_services_asks_days_before"), "services", type_="check")
    op.drop_column("services", "asks_days_before")
    for name in INSTANTS:
        op.drop_column("appointments", name)
