"""How many people a day a queue takes for a service, and how much of that is used on each day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BOUNDS = "most_a_day BETWEEN 1 AND 999"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("queue_services", sa.Column("most_a_day", sa.SmallInteger(), nullable=True))
        op.create_check_constraint(op.f("ck_queue_services_most_a_day"), "queue_services", BOUNDS)
    else:
        # Without making the table anew.
        op.execute(
            "ALTER TABLE queue_services ADD COLUMN most_a_day SMALLINT"
            f" CONSTRAINT ck_queue_services_most_a_day CHECK ({BOUNDS})"
        )
    op.add_column("claims", sa.Column("counts_for", ID, nullable=True))
    op.add_column("appointments", sa.Column("is_counted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "quota_days",
        sa.Column("queue_id", ID, nullable=False),
        sa.Column("service_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_quota_days_taken")),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_quota_days_queue_id")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_quota_days_service_id")),
        sa.PrimaryKeyConstraint("queue_id", "service_id", "day", name=op.f("pk_quota_days")),
    )


def downgrade() -> None:
    op.drop_table("quota_days")
    op.drop_column("appointments", "is_counted")
    op.drop_column("claims", "counts_for")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_queue_services_most_a_day"), "queue_services", type_="check")
    op.drop_column("queue_services", "most_a_day")
