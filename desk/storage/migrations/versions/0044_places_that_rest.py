"""A place that a person gave back rests: a kind of claim more."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from desk.storage.base import BigInt
from desk.storage.types import UtcDateTime

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

BEFORE = ("hold", "offer", "share")


def upgrade() -> None:
    _allow((*BEFORE, "rest"))


def downgrade() -> None:
    """What rests is free at once, as it was then."""
    gone = "SELECT count(*) FROM claims c WHERE c.kind = 'rest' AND c.slot_id = slots.id"
    above = f"CASE WHEN capacity - planned < ({gone}) THEN capacity - planned ELSE ({gone}) END"
    op.execute(
        f"UPDATE slots SET capacity = capacity - ({above}), remaining = remaining + ({gone}) - ({above}),"  # noqa: S608  # our own words
        f" is_open = (status = 'live' AND remaining + ({gone}) - ({above}) > 0)"
        f" WHERE id IN (SELECT slot_id FROM claims WHERE kind = 'rest')"
    )
    op.execute("DELETE FROM claims WHERE kind = 'rest'")
    _allow(BEFORE)


def _allow(kinds: Sequence[str]) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_claims_kind"), "claims", type_="check")
        op.create_check_constraint(op.f("ck_claims_kind"), "claims", sa.column("kind").in_(kinds))
        return
    # SQLite makes the table anew. Its own rules have to be said, since they are not read from it.
    with op.batch_alter_table("claims", copy_from=_claims(kinds), recreate="always"):
        pass


def _claims(kinds: Sequence[str]) -> sa.Table:
    return sa.Table(
        "claims",
        sa.MetaData(),
        sa.Column("id", BigInt, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*kinds, name="ck_claims_kind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("slot_id", BigInt, nullable=False),
        sa.Column("conversation_id", BigInt, nullable=True),
        sa.Column("holder", sa.String(length=60), nullable=True),
        sa.Column("nth", sa.SmallInteger(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(conversation_id IS NULL) <> (holder IS NULL)", name=op.f("ck_claims_owner")),
        sa.CheckConstraint("kind = 'share' OR expires_at IS NOT NULL", name=op.f("ck_claims_expires")),
        sa.CheckConstraint("nth >= 1", name=op.f("ck_claims_nth")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_claims_conversation_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_claims_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("conversation_id", "kind", "nth", name=op.f("uq_claims_conversation_id_kind_nth")),
        sa.UniqueConstraint("holder", "kind", "nth", name=op.f("uq_claims_holder_kind_nth")),
        sa.Index("ix_claims_expires_at", "expires_at"),
        sa.Index("ix_claims_slot_id", "slot_id"),
    )
