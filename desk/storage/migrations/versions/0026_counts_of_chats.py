"""What a chat did lately is counted in one table, under a hash, apart from the chat's own row and from what is erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

KINDS = ("unknown_codes", "holding", "holds", "people", "cancellations", "fallen")
CODES, HOLDING = 24 * 60, 60
"""The lengths of the series that are moved, in minutes."""


def upgrade() -> None:
    op.create_table(
        "chat_counters",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="kind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("mark", "kind", name=op.f("pk_chat_counters")),
    )
    op.create_index("ix_chat_counters_ends_at", "chat_counters", ["ends_at"])
    op.add_column("conversations", sa.Column("limits_mark", sa.String(length=64), nullable=True))
    # A chat gets its hash when it next writes; until then it is counted under its id.
    for table, mark in (("conversations", "'chat:' || id"), ("chat_rests", "mark")):
        _move(table, mark, "'unknown_codes'", "code_misses", _later("first_missed_at", CODES), "code_misses > 0")
        _move(table, mark, "'holding'", "1", _later("kept_since", HOLDING), "kept_since IS NOT NULL")
    op.drop_table("chat_rests")
    for column in ("code_misses", "first_missed_at", "kept_since"):
        op.drop_column("conversations", column)


def downgrade() -> None:
    """The counts that had no place before are lost."""
    op.create_table(
        "chat_rests",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("code_misses", sa.Integer(), nullable=False),
        sa.Column("first_missed_at", UtcDateTime(), nullable=True),
        sa.Column("kept_since", UtcDateTime(), nullable=True),
        sa.Column("erased_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_chat_rests"),
    )
    op.add_column("conversations", sa.Column("code_misses", sa.Integer(), server_default="0", nullable=False))
    op.add_column("conversations", sa.Column("first_missed_at", UtcDateTime(), nullable=True))
    op.add_column("conversations", sa.Column("kept_since", UtcDateTime(), nullable=True))
    of_chat = "FROM chat_counters c WHERE c.mark = coalesce(limits_mark, 'chat:' || id) AND c.kind"
    codes, holding = _later("c.ends_at", -CODES), _later("c.ends_at", -HOLDING)
    op.execute(
        f"UPDATE conversations SET code_misses = coalesce((SELECT c.count {of_chat} = 'unknown_codes'), 0), "  # noqa: S608 - our own words
        f"first_missed_at = (SELECT {codes} {of_chat} = 'unknown_codes'), "
        f"kept_since = (SELECT {holding} {of_chat} = 'holding')"
    )
    op.execute(
        "INSERT INTO chat_rests (mark, code_misses, first_missed_at, erased_at) "  # noqa: S608 - our own words
        f"SELECT c.mark, c.count, {codes}, {codes} FROM chat_counters c WHERE c.kind = 'unknown_codes' AND c.mark "
        "NOT IN (SELECT coalesce(limits_mark, 'chat:' || id) FROM conversations)"
    )
    op.drop_column("conversations", "limits_mark")
    op.drop_table("chat_counters")


def _move(table: str, mark: str, kind: str, count: str, ends_at: str, where: str) -> None:
    op.execute(
        "INSERT INTO chat_counters (mark, kind, count, ends_at) "  # noqa: S608 - our own words
        f"SELECT {mark}, {kind}, {count}, {ends_at} FROM {table} WHERE {where} AND {ends_at} IS NOT NULL"
    )


def _later(column: str, minutes: int) -> str:
    """The instant so many minutes after that of the column, as each database stores it."""
    if op.get_bind().dialect.name == "sqlite":
        return f"strftime('%Y-%m-%d %H:%M:%f', {column}, '{minutes:+} minutes') || '000'"
    return f"{column} + interval '{minutes} minutes'"
