"""Signs that appointments are collected in a chat, and limits that staff lowered because of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.base import BigInt
from desk.storage.types import UtcDateTime

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

SIGNS = ("people", "numbers", "fallen", "retaken", "offices", "rhythm", "in_step", "holds")
JUDGEMENTS = ("family", "helper", "nothing_wrong")
LIMITS = ("live_appointments", "new_people", "holds", "cancellations", "without_paper")
REASONS = ("household", "helper", "our_fault")


def upgrade() -> None:
    op.create_table(
        "chats_with_signs",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("conversation_id", BigInt, nullable=False),
        sa.Column("looked_at", UtcDateTime(), nullable=True),
        sa.Column("looked_by", BigInt, nullable=True),
        sa.Column("judgement", _words("judgement", JUDGEMENTS), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_chats_with_signs_conversation_id")
        ),
        sa.ForeignKeyConstraint(["looked_by"], ["staff_members.id"], name=op.f("fk_chats_with_signs_looked_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chats_with_signs")),
        sa.UniqueConstraint("conversation_id", name=op.f("uq_chats_with_signs_conversation_id")),
    )
    op.create_table(
        "chat_signs",
        sa.Column("chat_id", BigInt, nullable=False),
        sa.Column("kind", _words("kind", SIGNS), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("strength", sa.SmallInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("judged", sa.SmallInteger(), server_default="0", nullable=False),
        sa.CheckConstraint("strength BETWEEN 1 AND 3", name=op.f("ck_chat_signs_strength")),
        sa.CheckConstraint("judged BETWEEN 0 AND 3", name=op.f("ck_chat_signs_judged")),
        sa.ForeignKeyConstraint(["chat_id"], ["chats_with_signs.id"], name=op.f("fk_chat_signs_chat_id")),
        sa.PrimaryKeyConstraint("chat_id", "kind", name=op.f("pk_chat_signs")),
    )
    op.create_index("ix_chat_signs_seen_at", "chat_signs", ["seen_at"])
    _allowances_anew((*REASONS, "signs"))


def downgrade() -> None:
    """A limit that was lowered because of signs is as usual again."""
    op.execute("DELETE FROM chat_allowances WHERE reason = 'signs'")
    _allowances_anew(REASONS)
    op.drop_table("chat_signs")
    op.drop_table("chats_with_signs")


def _words(name: str, members: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=24)


def _allowances_anew(reasons: tuple[str, ...]) -> None:
    """The table with these reasons: SQLite changes no constraint of a table that is there."""
    op.execute("CREATE TABLE allowances_kept AS SELECT mark, kind, most, reason, ends_at FROM chat_allowances")
    op.drop_table("chat_allowances")
    op.create_table(
        "chat_allowances",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("kind", _words("kind", LIMITS), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("reason", _words("reason", reasons), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("most BETWEEN 1 AND 30", name=op.f("ck_chat_allowances_most")),
        sa.PrimaryKeyConstraint("mark", "kind", name=op.f("pk_chat_allowances")),
    )
    op.create_index("ix_chat_allowances_ends_at", "chat_allowances", ["ends_at"])
    op.execute(
        "INSERT INTO chat_allowances (mark, kind, most, reason, ends_at) "
        "SELECT mark, kind, most, reason, ends_at FROM allowances_kept"
    )
    op.drop_table("allowances_kept")
