"""How many days ahead an office opens for a service, at which hour it opens one, and which was given to who waits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

BOUNDS = {"days_ahead": "days_ahead BETWEEN 1 AND 59", "opens_at": "opens_at BETWEEN 0 AND 1439"}


def upgrade() -> None:
    op.add_column("queue_services", sa.Column("opened_until", sa.Date(), nullable=True))
    if op.get_bind().dialect.name == "postgresql":
        for name, bounds in BOUNDS.items():
            op.add_column("queue_services", sa.Column(name, sa.SmallInteger(), nullable=True))
            op.create_check_constraint(op.f(f"ck_queue_services_{name}"), "queue_services", bounds)
        return
    # Without making the table anew: its rows are many.
    for name, bounds in BOUNDS.items():
        check = f"CONSTRAINT ck_queue_services_{name} CHECK ({bounds})"
        op.execute(f"ALTER TABLE queue_services ADD COLUMN {name} SMALLINT {check}")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in BOUNDS:
            op.drop_constraint(op.f(f"ck_queue_services_{name}"), "queue_services", type_="check")
    for name in (*BOUNDS, "opened_until"):
        op.drop_column("queue_services", name)
