"""The columns that held the addresses of chats in clear are gone."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from desk.storage.types import Json

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

ENCRYPTED: dict[str, sa.types.TypeEngine[Any]] = {
    "chat_mark": sa.String(32),
    "chat_sealed": sa.LargeBinary(),
    "state_sealed": sa.LargeBinary(),
}


def upgrade() -> None:
    with op.batch_alter_table("conversations") as batch:
        batch.drop_constraint("uq_conversations_channel_bot_chat", type_="unique")
        batch.drop_column("chat")
        batch.drop_column("state")
        for name, kind in ENCRYPTED.items():
            batch.alter_column(name, existing_type=kind, nullable=False)
        batch.create_unique_constraint("uq_conversations_channel_bot_chat_mark", ["channel", "bot", "chat_mark"])


def downgrade() -> None:
    with op.batch_alter_table("conversations") as batch:
        batch.drop_constraint("uq_conversations_channel_bot_chat_mark", type_="unique")
        batch.add_column(sa.Column("chat", sa.String(32), nullable=True))
        batch.add_column(sa.Column("state", Json, nullable=True))
        for name, kind in ENCRYPTED.items():
            batch.alter_column(name, existing_type=kind, nullable=True)
        batch.create_unique_constraint("uq_conversations_channel_bot_chat", ["channel", "bot", "chat"])
