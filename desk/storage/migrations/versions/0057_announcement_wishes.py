"""Wishes of chats to be told when something of a service is announced that is unknown today."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "announcement_wishes",
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("service_id", ID, nullable=False),
        sa.Column("unknown", sa.String(length=42), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("told_from", UtcDateTime(), nullable=True),
        sa.CheckConstraint("unknown <> ''", name=op.f("ck_announcement_wishes_unknown")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_announcement_wishes_conversation_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_announcement_wishes_service_id")),
        sa.PrimaryKeyConstraint("conversation_id", "service_id", name=op.f("pk_announcement_wishes")),
    )
    op.create_index("ix_announcement_wishes_service_id", "announcement_wishes", ["service_id"])
    op.create_index("ix_announcement_wishes_asked_on", "announcement_wishes", ["asked_on"])


def downgrade() -> None:
    op.drop_table("announcement_wishes")
