"""What a change does to people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.base import BigInt
from desk.storage.types import Json, UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _one_of(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "changes",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("idem_key", sa.String(length=80), nullable=False),
        sa.Column(
            "kind",
            _one_of("holiday", "day", "rule", "queue", "office", "service", "address", "found", name="kind"),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("detail", Json, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("staff_id", BigInt, nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
        sa.UniqueConstraint("idem_key", name=op.f("uq_changes_idem_key")),
    )
    op.create_table(
        "changed_turns",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("change_id", BigInt, nullable=False),
        sa.Column("appointment_id", BigInt, nullable=False),
        sa.Column("office_id", BigInt, nullable=False),
        sa.Column("slot_id", BigInt, nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("why", _one_of("closed", "over", "address", name="why"), nullable=False),
        sa.Column("remedy", _one_of("keep", "move", "cancel", "tell", name="remedy"), nullable=True),
        sa.Column(
            "step",
            _one_of("open", "waiting", "kept", "moved", "cancelled", "told", "left", name="step"),
            nullable=False,
        ),
        sa.Column("message_key", sa.String(length=120), nullable=True),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("agreed_at", UtcDateTime(), nullable=True),
        sa.Column("told_way", _one_of("phone", "counter", name="told_way"), nullable=True),
        sa.Column("told_by", BigInt, nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["change_id"], ["changes.id"], name=op.f("fk_changed_turns_change_id")),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_changed_turns_appointment_id")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_changed_turns_office_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_changed_turns_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changed_turns")),
        sa.UniqueConstraint("change_id", "appointment_id", name=op.f("uq_changed_turns_change_id_appointment_id")),
    )
    op.create_index("ix_changed_turns_appointment_id", "changed_turns", ["appointment_id"])
    op.create_index("ix_changed_turns_office_id", "changed_turns", ["office_id", "change_id"])
    op.create_index(
        "ix_changed_turns_waiting",
        "changed_turns",
        ["id"],
        sqlite_where=sa.text("step = 'waiting'"),
        postgresql_where=sa.text("step = 'waiting'"),
    )


def downgrade() -> None:
    op.drop_table("changed_turns")
    op.drop_table("changes")
