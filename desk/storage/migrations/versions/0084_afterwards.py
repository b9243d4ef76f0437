"""Visits that a chat was asked about, counts of what was answered, and what provinces say about asking."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TOLD_AND_SO = (
    ("served_told", "not_served"),
    ("paid_told", "overpaid"),
    ("receipt_told", "no_receipt"),
    ("marked_told", "unmarked"),
    ("copy_told", "copied"),
    ("respect_told", "disrespected"),
    ("elsewhere_told", "sent_elsewhere"),
)


def upgrade() -> None:
    op.create_table(
        "after_questions",
        sa.Column("conversation_id", ID, nullable=False, autoincrement=False),
        sa.Column("appointment_id", ID, nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_after_questions_conversation_id")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_after_questions_appointment_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_after_questions")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_after_questions_appointment_id")),
    )
    op.create_table(
        "after_counts",
        sa.Column("office_id", ID, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for pair in TOLD_AND_SO for name in pair),
        *(
            sa.CheckConstraint(
                f"{so} >= 0 AND {so} <= {told} AND {told} <= answered", name=op.f(f"ck_after_counts_{so}")
            )
            for told, so in TOLD_AND_SO
        ),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_after_counts_office_id")),
        sa.PrimaryKeyConstraint("office_id", "month", name=op.f("pk_after_counts")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "after_settings",
        sa.Column("province_code", sa.String(5), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("ask_at", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("ask_at >= 900 AND ask_at <= 1200", name=op.f("ck_after_settings_ask_at")),
        sa.ForeignKeyConstraint(["province_code"], ["provinces.code"], name=op.f("fk_after_settings_province_code")),
        sa.PrimaryKeyConstraint("province_code", name=op.f("pk_after_settings")),
    )


def downgrade() -> None:
    for table in ("after_settings", "after_counts", "after_questions"):
        op.drop_table(table)
