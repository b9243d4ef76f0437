"""How it stands with a service of an office, from one moment to another; changes may take a service from an office."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PRESENT = sa.text("to_at IS NULL")
KIND = "ck_changes_kind"
KINDS = ("holiday", "day", "rule", "queue", "office", "service", "address", "found")


def upgrade() -> None:
    op.create_table(
        "service_statuses",
        sa.Column("id", BIG, nullable=False),
        sa.Column("office_id", BIG, nullable=False),
        sa.Column("service_id", BIG, nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("from_at", UtcDateTime(), nullable=False),
        sa.Column("to_at", UtcDateTime(), nullable=True),
        sa.Column("until_day", sa.Date(), nullable=True),
        sa.Column("basis", sa.String(24), nullable=False),
        sa.Column("rule", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.CheckConstraint(
            "state IN ('active', 'warned', 'suspended', 'restored', 'ended')", name=op.f("ck_service_statuses_state")
        ),
        sa.CheckConstraint(
            "basis IN ('announcement', 'directive', 'by_law', 'request')", name=op.f("ck_service_statuses_basis")
        ),
        sa.CheckConstraint("to_at IS NULL OR to_at >= from_at", name=op.f("ck_service_statuses_order")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_service_statuses_office_id")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_service_statuses_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_statuses")),
    )
    op.create_index(
        "uq_service_statuses_present",
        "service_statuses",
        ["office_id", "service_id"],
        unique=True,
        sqlite_where=PRESENT,
        postgresql_where=PRESENT,
    )
    op.create_index("ix_service_statuses_office_id", "service_statuses", ["office_id", "service_id", "id"])
    # Without making the table anew: its rows are many, and the bounds of its columns would be lost.
    op.add_column("queue_services", sa.Column("is_tied", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.execute("UPDATE queue_services SET is_tied = is_active")
    _kinds(*KINDS, "status")


def downgrade() -> None:
    """A service stays withheld: what gives it back is no longer known, and the office can tie it anew."""
    op.execute("UPDATE changes SET kind = 'queue' WHERE kind = 'status'")
    _kinds(*KINDS)
    op.drop_column("queue_services", "is_tied")
    op.drop_index("ix_service_statuses_office_id", table_name="service_statuses")
    op.drop_index("uq_service_statuses_present", table_name="service_statuses")
    op.drop_table("service_statuses")


def _kinds(*kinds: str) -> None:
    with op.batch_alter_table("changes") as batch:
        batch.drop_constraint(op.f(KIND), type_="check")
        batch.create_check_constraint(op.f(KIND), f"kind IN ({', '.join(repr(each) for each in kinds)})")
