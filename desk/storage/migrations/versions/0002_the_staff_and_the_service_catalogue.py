"""The staff and the service catalogue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.base import BigInt
from desk.storage.types import Json, LocalisedText, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "services",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", LocalisedText(), nullable=False),
        sa.Column("short_title", LocalisedText(), nullable=False),
        sa.Column("description", LocalisedText(), nullable=True),
        sa.Column("keywords", sa.String(length=400), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "pishkhan",
                "kefalat",
                "directorate",
                "other",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("agency", LocalisedText(), nullable=True),
        sa.Column(
            "who_must_come",
            sa.Enum(
                "applicant",
                "everyone",
                "head",
                "any_member",
                name="who_must_come",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("duration", LocalisedText(), nullable=True),
        sa.Column("taken_at_counter", LocalisedText(), nullable=True),
        sa.Column("objection", LocalisedText(), nullable=True),
        sa.Column("is_bookable", sa.Boolean(), nullable=False),
        sa.Column("is_irreversible", sa.Boolean(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("official_form", Json, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft", "confirmed", "expired", name="state", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("source", LocalisedText(), nullable=True),
        sa.Column("source_date", sa.Date(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("review_due", sa.Date(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
        sa.UniqueConstraint("code", name=op.f("uq_services_code")),
    )
    op.create_table(
        "staff_members",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.String(length=160), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcDateTime(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("signed_in_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_members")),
        sa.UniqueConstraint("username", name=op.f("uq_staff_members_username")),
    )
    op.create_table(
        "service_fees",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("service_id", BigInt, nullable=False),
        sa.Column("province_code", sa.String(length=5), nullable=True),
        sa.Column("amount_rial", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("per_person", sa.Boolean(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", LocalisedText(), nullable=False),
        sa.Column("source_date", sa.Date(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("entered_by", BigInt, nullable=True),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("amount_rial >= 0", name=op.f("ck_service_fees_amount_rial")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_service_fees_valid_period")),
        sa.ForeignKeyConstraint(["province_code"], ["provinces.code"], name=op.f("fk_service_fees_province_code")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_service_fees_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_fees")),
    )
    with op.batch_alter_table("service_fees", schema=None) as batch_op:
        batch_op.create_index("ix_service_fees_service_id_valid_from", ["service_id", "valid_from"], unique=False)

    op.create_table(
        "service_papers",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("service_id", BigInt, nullable=False),
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
            nullable=True,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", LocalisedText(), nullable=False),
        sa.Column("note", LocalisedText(), nullable=True),
        sa.Column("is_optional", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_service_papers_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_papers")),
    )
    with op.batch_alter_table("service_papers", schema=None) as batch_op:
        batch_op.create_index("ix_service_papers_service_id", ["service_id"], unique=False)

    op.create_table(
        "service_steps",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("service_id", BigInt, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", LocalisedText(), nullable=False),
        sa.Column("agency", LocalisedText(), nullable=True),
        sa.Column("is_inquiry", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_service_steps_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_steps")),
    )
    with op.batch_alter_table("service_steps", schema=None) as batch_op:
        batch_op.create_index("ix_service_steps_service_id", ["service_id"], unique=False)

    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", BigInt, nullable=False),
        sa.Column("csrf_token", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_members.id"], name=op.f("fk_staff_sessions_staff_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_sessions")),
    )
    with op.batch_alter_table("staff_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_sessions_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "role_assignments",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("staff_id", BigInt, nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "clerk",
                "marshal",
                "desk_officer",
                "office_manager",
                "province_officer",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "scope",
            sa.Enum("office", "province", "nation", name="scope", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("scope_key", sa.String(length=24), nullable=False),
        sa.Column("province_code", sa.String(length=5), nullable=True),
        sa.Column("office_id", BigInt, nullable=True),
        sa.CheckConstraint(
            "(scope = 'office' AND office_id IS NOT NULL AND province_code IS NULL) OR (scope = 'province' AND province_code IS NOT NULL AND office_id IS NULL) OR (scope = 'nation' AND province_code IS NULL AND office_id IS NULL)",
            name=op.f("ck_role_assignments_scope_fits"),
        ),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_role_assignments_office_id")),
        sa.ForeignKeyConstraint(["province_code"], ["provinces.code"], name=op.f("fk_role_assignments_province_code")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_members.id"], name=op.f("fk_role_assignments_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignments")),
        sa.UniqueConstraint("staff_id", "role", "scope_key", name=op.f("uq_role_assignments_staff_id_role_scope_key")),
    )


def downgrade() -> None:
    op.drop_table("role_assignments")
    with op.batch_alter_table("staff_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_sessions_staff_id"))

    op.drop_table("staff_sessions")
    with op.batch_alter_table("service_steps", schema=None) as batch_op:
        batch_op.drop_index("ix_service_steps_service_id")

    op.drop_table("service_steps")
    with op.batch_alter_table("service_papers", schema=None) as batch_op:
        batch_op.drop_index("ix_service_papers_service_id")

    op.drop_table("service_papers")
    with op.batch_alter_table("service_fees", schema=None) as batch_op:
        batch_op.drop_index("ix_service_fees_service_id_valid_from")

    op.drop_table("service_fees")
    op.drop_table("staff_members")
    op.drop_table("services")
