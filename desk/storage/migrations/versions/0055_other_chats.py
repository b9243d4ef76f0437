"""Connected chats of one person, the codes that connect them, and messages that are told in one instead of the other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FK = "fk_outbox_messages_instead_of"


def upgrade() -> None:
    op.create_table(
        "other_chats",
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("other_id", ID, nullable=False),
        sa.Column("works_from", UtcDateTime(), nullable=False),
        sa.CheckConstraint("conversation_id <> other_id", name=op.f("ck_other_chats_two_chats")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_other_chats_conversation_id")),
        sa.ForeignKeyConstraint(["other_id"], ["conversations.id"], name=op.f("fk_other_chats_other_id")),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_other_chats")),
        sa.UniqueConstraint("other_id", name=op.f("uq_other_chats_other_id")),
    )
    op.create_table(
        "other_chat_codes",
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("mark", sa.String(length=32), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_other_chat_codes_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_other_chat_codes")),
        sa.UniqueConstraint("mark", name=op.f("uq_other_chat_codes_mark")),
    )
    op.create_index("ix_other_chat_codes_expires_at", "other_chat_codes", ["expires_at"])
    with op.batch_alter_table("outbox_messages") as batch:
        batch.add_column(sa.Column("failing_since", UtcDateTime(), nullable=True))
        batch.add_column(sa.Column("instead_of", ID, nullable=True))
        batch.create_foreign_key(FK, "conversations", ["instead_of"], ["id"])
    op.create_index(
        "ix_outbox_messages_instead_of",
        "outbox_messages",
        ["instead_of"],
        sqlite_where=sa.text("instead_of IS NOT NULL"),
        postgresql_where=sa.text("instead_of IS NOT NULL"),
    )


def downgrade() -> None:
    # What was told elsewhere is over; what waits is told where it belongs.
    op.execute("""
        UPDATE outbox_messages SET
            channel = (SELECT c.channel FROM conversations c WHERE c.id = outbox_messages.instead_of),
            bot = (SELECT c.bot FROM conversations c WHERE c.id = outbox_messages.instead_of),
            conversation_id = instead_of, message_id = NULL
        WHERE instead_of IS NOT NULL
    """)
    op.drop_index("ix_outbox_messages_instead_of", "outbox_messages")
    with op.batch_alter_table("outbox_messages") as batch:
        batch.drop_constraint(FK, type_="foreignkey")
        batch.drop_column("instead_of")
        batch.drop_column("failing_since")
    for name in ("other_chat_codes", "other_chats"):
        op.drop_table(name)
