"""Words that chats choose, tries, transfers from one chat to another, and codes given at the counter."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAYS, STATES = ("word", "counter"), ("open", "settled", "undone")


def upgrade() -> None:
    op.create_table(
        "chat_words",
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("word_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_chat_words_conversation_id")),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_chat_words")),
    )
    op.create_table(
        "transfer_tries",
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_transfer_tries")),
    )
    op.create_index("ix_transfer_tries_ends_at", "transfer_tries", ["ends_at"])
    op.create_table(
        "transfers",
        sa.Column("id", ID, nullable=False),
        sa.Column("source_id", ID, nullable=False),
        sa.Column("target_id", ID, nullable=False),
        sa.Column(
            "way", sa.Enum(*WAYS, name="way", native_enum=False, create_constraint=True, length=24), nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("moved_sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("source_id <> target_id", name=op.f("ck_transfers_two_chats")),
        sa.ForeignKeyConstraint(["source_id"], ["conversations.id"], name=op.f("fk_transfers_source_id")),
        sa.ForeignKeyConstraint(["target_id"], ["conversations.id"], name=op.f("fk_transfers_target_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
    )
    for name in ("source_id", "target_id", "until"):
        op.create_index(f"ix_transfers_{name}", "transfers", [name])
    op.create_table(
        "counter_codes",
        sa.Column("appointment_id", ID, nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_counter_codes_appointment_id")),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_counter_codes")),
        sa.UniqueConstraint("mark", name=op.f("uq_counter_codes_mark")),
    )
    op.create_index("ix_counter_codes_expires_at", "counter_codes", ["expires_at"])


def downgrade() -> None:
    for name in ("counter_codes", "transfers", "transfer_tries", "chat_words"):
        op.drop_table(name)
