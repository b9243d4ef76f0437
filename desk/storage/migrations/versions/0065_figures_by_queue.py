"""The figures of days are kept by queue and then by day; they are counted anew."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

COUNTS = ("planned", "released", "taken", "free", "booked", "came", "served", "absent")
BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _anew("queue_id", "day", with_rowid=False)


def downgrade() -> None:
    _anew("day", "queue_id", with_rowid=True)
    op.create_index("ix_day_figures_queue_id", "day_figures", ["queue_id", "counted_at"])


def _anew(*key: str, with_rowid: bool) -> None:
    """The table, empty, with this key: a job fills it within minutes."""
    op.drop_table("day_figures")
    columns: dict[str, sa.types.TypeEngine[Any]] = {"day": sa.Date(), "queue_id": BIG}
    op.create_table(
        "day_figures",
        *(sa.Column(name, columns[name], nullable=False) for name in key),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("counted_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "planned >= 0 AND released >= 0 AND taken >= 0 AND free >= 0 AND booked >= 0 AND served >= 0 "
            "AND absent >= 0 AND came >= served",
            name=op.f("ck_day_figures_counts"),
        ),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_day_figures_queue_id")),
        sa.PrimaryKeyConstraint(*key, name=op.f("pk_day_figures")),
        sqlite_with_rowid=with_rowid,
    )
