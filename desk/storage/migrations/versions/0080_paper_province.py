"""Whether a service is given to holders of a paper of another province, and whether they need a travel slip."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import LocalisedText

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

RULES = "paper_province IN ('anywhere', 'own', 'refused')"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # A CHECK is added with its column: SQLite cannot add one to a table.
        op.execute(
            "ALTER TABLE services ADD COLUMN paper_province VARCHAR(24)"
            f" CONSTRAINT ck_services_paper_province CHECK ({RULES})"
        )
    else:
        op.add_column("services", sa.Column("paper_province", sa.String(24), nullable=True))
        op.create_check_constraint(op.f("ck_services_paper_province"), "services", RULES)
    op.add_column("services", sa.Column("needs_slip", sa.Boolean(), nullable=True))
    op.add_column("services", sa.Column("slip_from", LocalisedText(), nullable=True))
    op.add_column("services", sa.Column("travel_kinds", sa.String(200), server_default="", nullable=False))


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_services_paper_province"), "services", type_="check")
    for column in ("travel_kinds", "slip_from", "needs_slip", "paper_province"):
        op.drop_column("services", column)
