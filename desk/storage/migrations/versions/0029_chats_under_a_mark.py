"""The addresses of chats and what the engine remembers of them are encrypted; messages go to a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Connection

from desk.storage.base import BigInt
from desk.storage.encryption import Keys
from desk.storage.migrate import keys_here
from desk.storage.migrations.rewriting import decrypt_all, encrypt_some
from desk.storage.types import Json

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

REWRITTEN = ("conversations", "outbox_messages")
OPEN: dict[str, Any] = {"sqlite_where": sa.text("is_open"), "postgresql_where": sa.text("is_open")}
THAT_CHAT = "FROM conversations c WHERE c.channel = m.channel AND c.bot = m.bot AND c.chat = m.chat"


def upgrade() -> None:
    with op.batch_alter_table("conversations") as batch:
        batch.alter_column("chat", existing_type=sa.String(32), nullable=True)
        batch.alter_column("state", existing_type=Json, nullable=True)
        batch.add_column(sa.Column("chat_mark", sa.String(32), nullable=True))
        batch.add_column(sa.Column("chat_sealed", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("state_sealed", sa.LargeBinary(), nullable=True))
        batch.add_column(sa.Column("is_unfinished", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("outbox_messages", sa.Column("conversation_id", BigInt, nullable=True))
    op.execute(f"UPDATE outbox_messages AS m SET conversation_id = (SELECT c.id {THAT_CHAT})")  # noqa: S608  # our own words
    # Of a chat that is gone: nobody would get it.
    op.execute("DELETE FROM outbox_messages WHERE conversation_id IS NULL")
    op.drop_index("ix_outbox_messages_chat", "outbox_messages", **OPEN)
    with op.batch_alter_table("outbox_messages") as batch:
        batch.drop_column("chat")
        batch.alter_column("conversation_id", existing_type=BigInt, nullable=False)
        batch.create_foreign_key("fk_outbox_messages_conversation_id", "conversations", ["conversation_id"], ["id"])
    op.create_index("ix_outbox_messages_chat", "outbox_messages", ["conversation_id", "id"], **OPEN)


def fill(connection: Connection, keys: Keys, limit: int) -> int:
    return encrypt_some(
        connection,
        keys,
        table="conversations",
        columns={"chat": "chat_sealed"},
        values={"state": "state_sealed"},
        with_it=("channel", "bot"),
        more=_more,
        limit=limit,
    )


def _more(keys: Keys, row: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "chat_mark": keys.mark("chat", f"{row['channel']}:{row['bot']}:{row['chat']}"),
        "is_unfinished": any(name in row["state"] for name in ("draft", "trail", "unsent")),
    }


def downgrade() -> None:
    decrypt_all(
        op.get_bind(),
        keys_here(),
        table="conversations",
        columns={"chat": "chat_sealed"},
        values={"state": "state_sealed"},
    )
    op.drop_index("ix_outbox_messages_chat", "outbox_messages", **OPEN)
    with op.batch_alter_table("outbox_messages") as batch:
        batch.drop_constraint("fk_outbox_messages_conversation_id", type_="foreignkey")
        batch.add_column(sa.Column("chat", sa.String(32), server_default="", nullable=False))
    op.execute("UPDATE outbox_messages SET chat = (SELECT c.chat FROM conversations c WHERE c.id = conversation_id)")
    with op.batch_alter_table("outbox_messages") as batch:
        batch.alter_column("chat", existing_type=sa.String(32), server_default=None)
        batch.drop_column("conversation_id")
    op.create_index("ix_outbox_messages_chat", "outbox_messages", ["channel", "bot", "chat", "id"], **OPEN)
    with op.batch_alter_table("conversations") as batch:
        for name in ("chat_mark", "chat_sealed", "state_sealed", "is_unfinished"):
            batch.drop_column(name)
        batch.alter_column("chat", existing_type=sa.String(32), nullable=False)
        batch.alter_column("state", existing_type=Json, nullable=False)
