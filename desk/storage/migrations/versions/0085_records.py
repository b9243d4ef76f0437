"""Records of visits with their receipts, required fields of services, inquiries, and reports of brokers by staff."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from desk.storage.types import Json, LocalisedText, UtcDateTime

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TAKING = ("yes", "not_asked", "device", "system", "person", "later")
CLOSING = ("receipt", "free", "no_receipt")
WHY = ("device", "system", "no_paper", "paid_before", "exempt", "mistake", "other")
WORDED = sa.text("why_sealed IS NOT NULL OR reference_sealed IS NOT NULL")
CODED = sa.text("code_sealed IS NOT NULL")


def _one_of(members: Sequence[str], *, name: str) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=24)


def upgrade() -> None:
    op.create_table(
        "required_fields",
        sa.Column("id", ID, nullable=False),
        sa.Column("service_id", ID, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fields", LocalisedText(), nullable=True),
        sa.Column("fingerprint", sa.Boolean(), nullable=True),
        sa.Column("photo", sa.Boolean(), nullable=True),
        sa.Column("source", LocalisedText(), nullable=False),
        sa.Column("entered_by", ID, nullable=True),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_required_fields_service_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_required_fields")),
    )
    op.create_index("uq_required_fields_version", "required_fields", ["service_id", "version"], unique=True)
    op.create_table(
        "service_records",
        sa.Column("appointment_id", ID, nullable=False),
        sa.Column("required_id", ID, nullable=True),
        sa.Column("data", _one_of(TAKING, name=op.f("ck_service_records_data")), nullable=False),
        sa.Column("fingerprint", _one_of(TAKING, name=op.f("ck_service_records_fingerprint")), nullable=False),
        sa.Column("photo", _one_of(TAKING, name=op.f("ck_service_records_photo")), nullable=False),
        sa.Column("papers_seen", Json, nullable=False),
        sa.Column("papers_unseen", sa.SmallInteger(), nullable=False),
        sa.Column("closing", _one_of(CLOSING, name=op.f("ck_service_records_closing")), nullable=False),
        sa.Column("amount_rial", sa.BigInteger(), nullable=True),
        sa.Column("is_orange", sa.Boolean(), nullable=True),
        sa.Column("office_code", sa.String(20), nullable=True),
        sa.Column("names_service", sa.Boolean(), nullable=True),
        sa.Column("reference_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("receipt_at", UtcDateTime(), nullable=True),
        sa.Column("fee_rial", sa.BigInteger(), nullable=True),
        sa.Column("findings", Json, nullable=False),
        sa.Column("is_wrong", sa.Boolean(), nullable=False),
        sa.Column("why", _one_of(WHY, name=op.f("ck_service_records_why")), nullable=True),
        sa.Column("why_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by", ID, nullable=True),
        sa.CheckConstraint(
            "(closing = 'receipt') = (amount_rial IS NOT NULL) AND (closing = 'receipt') = (is_orange IS NOT NULL)"
            " AND (closing = 'receipt') = (receipt_at IS NOT NULL)",
            name=op.f("ck_service_records_receipt"),
        ),
        sa.CheckConstraint("amount_rial >= 0", name=op.f("ck_service_records_amount_rial")),
        sa.CheckConstraint("NOT is_wrong OR why IS NOT NULL", name=op.f("ck_service_records_explained")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_service_records_appointment_id")
        ),
        sa.ForeignKeyConstraint(["required_id"], ["required_fields.id"], name=op.f("fk_service_records_required_id")),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_service_records")),
    )
    op.create_index(
        "ix_service_records_worded",
        "service_records",
        ["appointment_id"],
        sqlite_where=WORDED,
        postgresql_where=WORDED,
    )
    op.create_table(
        "inquiries",
        sa.Column("id", ID, nullable=False),
        sa.Column("appointment_id", ID, nullable=False),
        sa.Column(
            "system",
            _one_of(("foreigners", "civil_registration", "police", "other"), name=op.f("ck_inquiries_system")),
            nullable=False,
        ),
        sa.Column(
            "purpose",
            _one_of(("identity", "validity", "conditions"), name=op.f("ck_inquiries_purpose")),
            nullable=False,
        ),
        sa.Column(
            "result",
            _one_of(("yes", "no", "differs", "no_answer"), name=op.f("ck_inquiries_result")),
            nullable=False,
        ),
        sa.Column("code_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by", ID, nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_inquiries_appointment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiries")),
    )
    op.create_index("ix_inquiries_appointment_id", "inquiries", ["appointment_id"])
    op.create_index("ix_inquiries_coded", "inquiries", ["id"], sqlite_where=CODED, postgresql_where=CODED)
    op.create_table(
        "broker_reports",
        sa.Column("id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sign", _one_of(("list", "sells", "collects"), name=op.f("ck_broker_reports_sign")), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("reported_at", UtcDateTime(), nullable=False),
        sa.Column("reported_by", ID, nullable=True),
        sa.Column("looked_at", UtcDateTime(), nullable=True),
        sa.Column("looked_by", ID, nullable=True),
        sa.CheckConstraint("looked_by IS NULL OR looked_at IS NOT NULL", name=op.f("ck_broker_reports_looked")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_broker_reports_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broker_reports")),
    )
    op.create_index("ix_broker_reports_office_id", "broker_reports", ["office_id", "reported_at"])


def downgrade() -> None:
    op.drop_table("broker_reports")
    op.drop_table("inquiries")
    op.drop_table("service_records")
    op.drop_table("required_fields")
