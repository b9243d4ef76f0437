"""Whatever takes a place of a slot is a claim; a hold of a chat is one kind of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.base import BigInt
from desk.storage.types import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "claims",
        sa.Column("id", BigInt, nullable=False),
        sa.Column(
            "kind",
            sa.Enum("hold", "offer", "share", name="kind", native_enum=False, create_constraint=True, length=24),
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
    )
    with op.batch_alter_table("claims", schema=None) as batch_op:
        batch_op.create_index("ix_claims_expires_at", ["expires_at"], unique=False)
        batch_op.create_index("ix_claims_slot_id", ["slot_id"], unique=False)
    op.execute(
        "INSERT INTO claims (kind, slot_id, conversation_id, nth, expires_at) "
        "SELECT 'hold', slot_id, conversation_id, 1, expires_at FROM holds ORDER BY expires_at, conversation_id"
    )
    op.drop_table("holds")


def downgrade() -> None:
    """A chat keeps its first place; what `holds` has no room for is given back."""
    op.create_table(
        "holds",
        sa.Column("conversation_id", BigInt, nullable=False),
        sa.Column("slot_id", BigInt, nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_holds_conversation_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_holds_slot_id")),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_holds")),
    )
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.create_index("ix_holds_expires_at", ["expires_at"], unique=False)
        batch_op.create_index("ix_holds_slot_id", ["slot_id"], unique=False)
    op.execute(
        "INSERT INTO holds (conversation_id, slot_id, expires_at) "
        "SELECT conversation_id, slot_id, expires_at FROM claims WHERE kind = 'hold' AND nth = 1 AND holder IS NULL"
    )
    op.execute("DELETE FROM claims WHERE kind = 'hold' AND nth = 1 AND holder IS NULL")
    slots = sa.table("slots", *map(sa.column, ("id", "capacity", "remaining", "planned", "status", "is_open")))
    claims = sa.table("claims", sa.column("slot_id"))
    of_slot = claims.c.slot_id == slots.c.id
    lost = sa.select(sa.func.count()).where(of_slot).scalar_subquery()
    taken = slots.c.capacity - slots.c.remaining - lost
    op.execute(
        sa.update(slots)
        .where(sa.exists().where(of_slot))
        .values(
            # Where more are taken than planned the capacity is the taken ones, and none is free.
            capacity=sa.case((taken > slots.c.planned, taken), else_=slots.c.planned),
            remaining=sa.case((taken > slots.c.planned, 0), else_=slots.c.planned - taken),
            is_open=sa.and_(slots.c.status == "live", taken < slots.c.planned),
        )
    )
    op.drop_table("claims")
