"""Cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.base import BigInt
from desk.storage.types import Json, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("idem_key", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("complaint", "question", name="kind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("category", sa.String(length=24), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("office_id", BigInt, nullable=True),
        sa.Column("handler_office_id", BigInt, nullable=True),
        sa.Column("handler_province_code", sa.String(length=5), nullable=True),
        sa.Column("service_id", BigInt, nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("paid_rial", sa.BigInteger(), nullable=True),
        sa.Column(
            "contact",
            sa.Enum("name", "code", "nobody", name="contact", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=80), nullable=True),
        sa.Column("conversation_id", BigInt, nullable=True),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "received",
                "with_unit",
                "in_review",
                "answered",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "close_reason",
            sa.Enum(
                "solved",
                "answered",
                "not_ours",
                "repeated",
                "withdrawn",
                "no_answer",
                name="close_reason",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("assigned_to", BigInt, nullable=True),
        sa.Column("first_due_at", UtcDateTime(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["assigned_to"], ["staff_members.id"], name=op.f("fk_cases_assigned_to")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_cases_conversation_id")),
        sa.ForeignKeyConstraint(["handler_office_id"], ["offices.id"], name=op.f("fk_cases_handler_office_id")),
        sa.ForeignKeyConstraint(
            ["handler_province_code"], ["provinces.code"], name=op.f("fk_cases_handler_province_code")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_cases_office_id")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_cases_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("code", name=op.f("uq_cases_code")),
        sa.UniqueConstraint("idem_key", name=op.f("uq_cases_idem_key")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index("ix_cases_conversation_id", ["conversation_id"], unique=False)
        batch_op.create_index("ix_cases_due_at", ["due_at"], unique=False)
        batch_op.create_index("ix_cases_handler_office_id", ["handler_office_id", "state"], unique=False)
        batch_op.create_index("ix_cases_handler_province_code", ["handler_province_code", "state"], unique=False)

    op.create_table(
        "case_entries",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("case_id", BigInt, nullable=False),
        sa.Column("idem_key", sa.String(length=80), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "said",
                "reply",
                "note",
                "state",
                "assigned",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("staff_id", BigInt, nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("voice", Json, nullable=True),
        sa.Column("detail", Json, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_entries_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_entries")),
        sa.UniqueConstraint("idem_key", name=op.f("uq_case_entries_idem_key")),
    )
    with op.batch_alter_table("case_entries", schema=None) as batch_op:
        batch_op.create_index("ix_case_entries_case_id", ["case_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("case_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_case_entries_case_id")

    op.drop_table("case_entries")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index("ix_cases_handler_province_code")
        batch_op.drop_index("ix_cases_handler_office_id")
        batch_op.drop_index("ix_cases_due_at")
        batch_op.drop_index("ix_cases_conversation_id")

    op.drop_table("cases")
