"""A connection of two chats begins to work only after the chat that showed its code was told: until then, at no time."""

from __future__ import annotations

from alembic import op

from desk.storage.types import UtcDateTime

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("other_chats") as batch:
        batch.alter_column("works_from", existing_type=UtcDateTime(), nullable=True)
    # One of which the chat was not told yet, or cannot be. That it works was to be told tomorrow, and is told anew.
    op.execute("""
        UPDATE other_chats SET works_from = NULL WHERE EXISTS (
            SELECT 1 FROM outbox_messages m
            WHERE m.notice = 'other_chat_made' AND m.state <> 'sent'
            AND m.conversation_id IN (other_chats.conversation_id, other_chats.other_id)
        )
    """)
    op.execute("""
        DELETE FROM outbox_messages WHERE notice = 'other_chat_works' AND is_open AND EXISTS (
            SELECT 1 FROM other_chats o WHERE o.conversation_id = outbox_messages.conversation_id
            AND o.works_from IS NULL
        )
    """)


def downgrade() -> None:
    op.execute("DELETE FROM other_chats WHERE works_from IS NULL")
    with op.batch_alter_table("other_chats") as batch:
        batch.alter_column("works_from", existing_type=UtcDateTime(), nullable=False)
