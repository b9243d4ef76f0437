"""How many days ahead of a service are open, and at which hour a new day opens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

BOUNDS = {"days_ahead": "days_ahead BETWEEN 1 AND 59", "opens_at": "opens_at BETWEEN 0 AND 1439"}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name, bounds in BOUNDS.items():
            op.add_column("services", sa.Column(name, sa.SmallInteger(), nullable=True))
            op.create_check_constraint(op.f(f"ck_services_{name}"), "services", bounds)
        return
    # Without making the table anew: other tables refer to it.
    for name, bounds in BOUNDS.items():
        op.execute(f"ALTER TABLE services ADD COLUMN {name} SMALLINT CONSTRAINT ck_services_{name} CHECK ({bounds})")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in BOUNDS:
            op.drop_constraint(op.f(f"ck_services_{name}"), "services", type_="check")
    for name in BOUNDS:
        op.drop_column("services", name)
