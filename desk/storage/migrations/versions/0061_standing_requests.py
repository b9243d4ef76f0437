"""Standing requests: what people wait for, at which places, for whom, and the priority classes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = ("waiting", "paused", "ended", "fulfilled", "lapsed")
REASONS = ("seen", "paper", "said")
_JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    _classes()
    _requests()
    op.create_table(
        "standing_request_places",
        sa.Column("id", ID, nullable=False),
        sa.Column("request_id", ID, nullable=False),
        sa.Column("office_id", ID, nullable=True),
        sa.Column("province_code", sa.String(length=5), nullable=True),
        sa.CheckConstraint(
            "(office_id IS NULL) <> (province_code IS NULL)", name=op.f("ck_standing_request_places_one")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["standing_requests.id"], name=op.f("fk_standing_request_places_request_id")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_standing_request_places_office_id")),
        sa.ForeignKeyConstraint(
            ["province_code"], ["provinces.code"], name=op.f("fk_standing_request_places_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_request_places")),
        sa.UniqueConstraint("request_id", "office_id", name=op.f("uq_standing_request_places_request_id_office_id")),
        sa.UniqueConstraint(
            "request_id", "province_code", name=op.f("uq_standing_request_places_request_id_province_code")
        ),
    )
    op.create_index("ix_standing_request_places_office_id", "standing_request_places", ["office_id"])
    op.create_index("ix_standing_request_places_province_code", "standing_request_places", ["province_code"])
    _people()


def _classes() -> None:
    text = _JSON.with_variant(sa.dialects.postgresql.JSONB(none_as_null=True), "postgresql")
    op.create_table(
        "priority_classes",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", text, nullable=False),
        sa.Column("days", sa.SmallInteger(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("days BETWEEN 1 AND 60", name=op.f("ck_priority_classes_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority_classes")),
        sa.UniqueConstraint("code", name=op.f("uq_priority_classes_code")),
    )


def _words(name: str, members: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=24)


def _requests() -> None:
    op.create_table(
        "standing_requests",
        sa.Column("id", ID, nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("idem_key", sa.String(length=80), nullable=False),
        sa.Column("conversation_id", ID, nullable=True),
        sa.Column("service_id", ID, nullable=False),
        sa.Column("people", sa.SmallInteger(), nullable=False),
        sa.Column("state", _words("state", STATES), nullable=False),
        sa.Column("is_waiting", sa.Boolean(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("rank_at", UtcDateTime(), nullable=False),
        sa.Column("class_id", ID, nullable=True),
        sa.Column("class_reason", _words("class_reason", REASONS), nullable=True),
        sa.Column("weekdays", sa.SmallInteger(), nullable=False),
        sa.Column("parts", sa.SmallInteger(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("lapses", sa.SmallInteger(), nullable=False),
        sa.Column("over_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("is_waiting = (state = 'waiting')", name=op.f("ck_standing_requests_is_waiting")),
        sa.CheckConstraint("weekdays BETWEEN 1 AND 127", name=op.f("ck_standing_requests_weekdays")),
        sa.CheckConstraint("parts BETWEEN 1 AND 7", name=op.f("ck_standing_requests_parts")),
        sa.CheckConstraint("until_day >= from_day", name=op.f("ck_standing_requests_days")),
        sa.CheckConstraint("people >= 1", name=op.f("ck_standing_requests_people")),
        sa.CheckConstraint("(class_id IS NULL) = (class_reason IS NULL)", name=op.f("ck_standing_requests_class")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_standing_requests_conversation_id")
        ),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_standing_requests_service_id")),
        sa.ForeignKeyConstraint(["class_id"], ["priority_classes.id"], name=op.f("fk_standing_requests_class_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_requests")),
        sa.UniqueConstraint("public_id", name=op.f("uq_standing_requests_public_id")),
        sa.UniqueConstraint("idem_key", name=op.f("uq_standing_requests_idem_key")),
    )
    op.create_index(
        "ix_standing_requests_line",
        "standing_requests",
        ["service_id", "rank_at", "id"],
        sqlite_where=sa.text("is_waiting"),
        postgresql_where=sa.text("is_waiting"),
    )
    op.create_index("ix_standing_requests_conversation_id", "standing_requests", ["conversation_id"])
    op.create_index("ix_standing_requests_until_day", "standing_requests", ["until_day"])


def _people() -> None:
    op.create_table(
        "standing_request_people",
        sa.Column("request_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("nth", sa.SmallInteger(), nullable=False),
        sa.Column("service_id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("is_contested", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["standing_requests.id"], name=op.f("fk_standing_request_people_request_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_standing_request_people_person_id")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_standing_request_people_service_id")),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_standing_request_people_conversation_id")
        ),
        sa.PrimaryKeyConstraint("request_id", "person_id", name=op.f("pk_standing_request_people")),
        sa.UniqueConstraint(
            "conversation_id",
            "person_id",
            "service_id",
            name=op.f("uq_standing_request_people_conversation_id_person_id_service_id"),
        ),
        sa.UniqueConstraint(
            "person_id",
            "service_id",
            "is_contested",
            name=op.f("uq_standing_request_people_person_id_service_id_is_contested"),
        ),
    )


def downgrade() -> None:
    for table in ("standing_request_people", "standing_request_places", "standing_requests", "priority_classes"):
        op.drop_table(table)
