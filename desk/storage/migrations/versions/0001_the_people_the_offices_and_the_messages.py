"""The people, the offices and the messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.base import BigInt
from desk.storage.types import Json, LocalisedText, UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("detail", Json, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index("ix_audit_entries_at", ["at"], unique=False)
        batch_op.create_index("ix_audit_entries_subject", ["subject"], unique=False)

    op.create_table(
        "conversations",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("bot", sa.String(length=32), nullable=False),
        sa.Column("chat", sa.String(length=32), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=True),
        sa.Column("consented_at", UtcDateTime(), nullable=True),
        sa.Column("state", Json, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reachable", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("heard_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint("channel", "bot", "chat", name=op.f("uq_conversations_channel_bot_chat")),
    )
    op.create_table(
        "heard_updates",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("bot", sa.String(length=32), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.Column("heard_at", UtcDateTime(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("handled", "parked", name="outcome", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heard_updates")),
        sa.UniqueConstraint("channel", "bot", "update_id", name=op.f("uq_heard_updates_channel_bot_update_id")),
    )
    with op.batch_alter_table("heard_updates", schema=None) as batch_op:
        batch_op.create_index("ix_heard_updates_heard_at", ["heard_at"], unique=False)

    op.create_table(
        "outbox_messages",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("idem_key", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("bot", sa.String(length=32), nullable=False),
        sa.Column("chat", sa.String(length=32), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("notice", sa.String(length=40), nullable=False),
        sa.Column("params", Json, nullable=False),
        sa.Column("about", sa.String(length=60), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "claimed",
                "sent",
                "dead",
                "dropped",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=True),
        sa.Column("message_id", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_messages")),
        sa.UniqueConstraint("idem_key", name=op.f("uq_outbox_messages_idem_key")),
    )
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_messages_about", ["about"], unique=False)
        batch_op.create_index(
            "ix_outbox_messages_chat",
            ["channel", "bot", "chat", "id"],
            unique=False,
            sqlite_where=sa.text("is_open"),
            postgresql_where=sa.text("is_open"),
        )
        batch_op.create_index(
            "ix_outbox_messages_due",
            ["lane", "due_at"],
            unique=False,
            sqlite_where=sa.text("is_open"),
            postgresql_where=sa.text("is_open"),
        )

    op.create_table(
        "persons",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("identity_hash", sa.String(length=64), nullable=False),
        sa.Column("identity_last4", sa.String(length=4), nullable=True),
        sa.Column(
            "document_kind",
            sa.Enum(
                "amayesh",
                "hoviat",
                "smart_id",
                "passport",
                "travel_slip",
                "headcount_slip",
                "residence_booklet",
                "residence_card",
                "unique_code",
                "tazkira",
                "other",
                "none",
                name="document_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint("identity_hash", name=op.f("uq_persons_identity_hash")),
    )
    op.create_table(
        "provinces",
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column("name", LocalisedText(), nullable=False),
        sa.Column("phone_prefix", sa.String(length=3), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_provinces")),
    )
    op.create_table(
        "known_persons",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("conversation_id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("nickname", sa.String(length=40), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_known_persons_conversation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_known_persons_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_persons")),
        sa.UniqueConstraint("conversation_id", "person_id", name=op.f("uq_known_persons_conversation_id_person_id")),
    )
    with op.batch_alter_table("known_persons", schema=None) as batch_op:
        batch_op.create_index("ix_known_persons_person_id", ["person_id"], unique=False)

    op.create_table(
        "offices",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pishkhan", "kefalat", "directorate", name="kind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("province_code", sa.String(length=5), nullable=False),
        sa.Column("city", LocalisedText(), nullable=False),
        sa.Column("name", LocalisedText(), nullable=False),
        sa.Column("address", LocalisedText(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("phone", sa.String(length=16), nullable=True),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("search_words", sa.String(length=600), nullable=False),
        sa.ForeignKeyConstraint(["province_code"], ["provinces.code"], name=op.f("fk_offices_province_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offices")),
        sa.UniqueConstraint("code", name=op.f("uq_offices_code")),
    )
    with op.batch_alter_table("offices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offices_province_code"), ["province_code"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("offices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offices_province_code"))

    op.drop_table("offices")
    with op.batch_alter_table("known_persons", schema=None) as batch_op:
        batch_op.drop_index("ix_known_persons_person_id")

    op.drop_table("known_persons")
    op.drop_table("provinces")
    op.drop_table("persons")
    with op.batch_alter_table("outbox_messages", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_messages_due", sqlite_where=sa.text("is_open"), postgresql_where=sa.text("is_open")
        )
        batch_op.drop_index(
            "ix_outbox_messages_chat", sqlite_where=sa.text("is_open"), postgresql_where=sa.text("is_open")
        )
        batch_op.drop_index("ix_outbox_messages_about")

    op.drop_table("outbox_messages")
    with op.batch_alter_table("heard_updates", schema=None) as batch_op:
        batch_op.drop_index("ix_heard_updates_heard_at")

    op.drop_table("heard_updates")
    op.drop_table("conversations")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entries_subject")
        batch_op.drop_index("ix_audit_entries_at")

    op.drop_table("audit_entries")
