"""Capacity, appointments and visits."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.base import BigInt
from desk.storage.types import LocalisedText, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holidays",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", LocalisedText(), nullable=False),
        sa.Column("is_confirmed", sa.Boolean(), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("province_code", sa.String(length=5), nullable=True),
        sa.Column("province_key", sa.String(length=5), nullable=False),
        sa.ForeignKeyConstraint(["province_code"], ["provinces.code"], name=op.f("fk_holidays_province_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holidays")),
        sa.UniqueConstraint("day", "province_key", name=op.f("uq_holidays_day_province_key")),
    )
    op.create_table(
        "queues",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("office_id", BigInt, nullable=False),
        sa.Column("name", LocalisedText(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("filled_until", sa.Date(), nullable=True),
        sa.Column("filled_version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_queues_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queues")),
    )
    with op.batch_alter_table("queues", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_queues_office_id"), ["office_id"], unique=False)

    op.create_table(
        "capacity_exceptions",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("queue_id", BigInt, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("closed", "hours", name="kind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("opens", sa.SmallInteger(), nullable=True),
        sa.Column("closes", sa.SmallInteger(), nullable=True),
        sa.Column("counters", sa.SmallInteger(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_capacity_exceptions_queue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capacity_exceptions")),
        sa.UniqueConstraint("queue_id", "day", name=op.f("uq_capacity_exceptions_queue_id_day")),
    )
    op.create_table(
        "opening_rules",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("queue_id", BigInt, nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("opens", sa.SmallInteger(), nullable=False),
        sa.Column("closes", sa.SmallInteger(), nullable=False),
        sa.Column("minutes_per_person", sa.SmallInteger(), nullable=False),
        sa.Column("counters", sa.SmallInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("counters BETWEEN 1 AND 200", name=op.f("ck_opening_rules_counters")),
        sa.CheckConstraint("minutes_per_person BETWEEN 1 AND 480", name=op.f("ck_opening_rules_minutes_per_person")),
        sa.CheckConstraint("opens >= 0 AND closes > opens AND closes <= 1440", name=op.f("ck_opening_rules_hours")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_opening_rules_weekday")),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_opening_rules_queue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_rules")),
    )
    with op.batch_alter_table("opening_rules", schema=None) as batch_op:
        batch_op.create_index("ix_opening_rules_queue_id", ["queue_id"], unique=False)

    op.create_table(
        "queue_services",
        sa.Column("queue_id", BigInt, nullable=False),
        sa.Column("service_id", BigInt, nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_queue_services_queue_id")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_queue_services_service_id")),
        sa.PrimaryKeyConstraint("queue_id", "service_id", name=op.f("pk_queue_services")),
    )
    with op.batch_alter_table("queue_services", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_queue_services_service_id"), ["service_id"], unique=False)

    op.create_table(
        "slots",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("queue_id", BigInt, nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("planned", sa.SmallInteger(), nullable=False),
        sa.Column("capacity", sa.SmallInteger(), nullable=False),
        sa.Column("remaining", sa.SmallInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum("live", "closed", name="status", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("is_open = (remaining > 0 AND status = 'live')", name=op.f("ck_slots_is_open")),
        sa.CheckConstraint("planned >= 0 AND (capacity = planned OR remaining = 0)", name=op.f("ck_slots_planned")),
        sa.CheckConstraint("remaining >= 0 AND remaining <= capacity", name=op.f("ck_slots_remaining")),
        sa.ForeignKeyConstraint(["queue_id"], ["queues.id"], name=op.f("fk_slots_queue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slots")),
        sa.UniqueConstraint("queue_id", "starts_at", name=op.f("uq_slots_queue_id_starts_at")),
        postgresql_with={"fillfactor": 80},
    )
    with op.batch_alter_table("slots", schema=None) as batch_op:
        batch_op.create_index(
            "ix_slots_open",
            ["queue_id", "day", "starts_at"],
            unique=False,
            sqlite_where=sa.text("is_open"),
            postgresql_where=sa.text("is_open"),
        )

    op.create_table(
        "appointments",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("code", sa.String(length=9), nullable=False),
        sa.Column("idem_key", sa.String(length=80), nullable=False),
        sa.Column("slot_id", BigInt, nullable=False),
        sa.Column("office_id", BigInt, nullable=False),
        sa.Column("service_id", BigInt, nullable=False),
        sa.Column("person_id", BigInt, nullable=True),
        sa.Column("conversation_id", BigInt, nullable=True),
        sa.Column("person_name", sa.String(length=80), nullable=True),
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
        sa.Column(
            "state",
            sa.Enum(
                "booked",
                "arrived",
                "served",
                "come_back",
                "absent",
                "cancelled_by_person",
                "cancelled_by_office",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_appointments_conversation_id")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_appointments_office_id")),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_appointments_person_id")),
        sa.ForeignKeyConstraint(["service_id"], ["services.id"], name=op.f("fk_appointments_service_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_appointments_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
        sa.UniqueConstraint("code", name=op.f("uq_appointments_code")),
        sa.UniqueConstraint("idem_key", name=op.f("uq_appointments_idem_key")),
    )
    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.create_index("ix_appointments_conversation_id", ["conversation_id"], unique=False)
        batch_op.create_index("ix_appointments_office_day", ["office_id", "day"], unique=False)
        batch_op.create_index("ix_appointments_slot_id", ["slot_id"], unique=False)
        batch_op.create_index(
            "uq_appointments_live",
            ["person_id", "service_id"],
            unique=True,
            sqlite_where=sa.text("is_live"),
            postgresql_where=sa.text("is_live"),
        )

    op.create_table(
        "holds",
        sa.Column("conversation_id", BigInt, nullable=False),
        sa.Column("slot_id", BigInt, nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_holds_conversation_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_holds_slot_id")),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_holds")),
    )
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.create_index("ix_holds_expires_at", ["expires_at"], unique=False)
        batch_op.create_index("ix_holds_slot_id", ["slot_id"], unique=False)

    op.create_table(
        "appointment_events",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("appointment_id", BigInt, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "booked",
                "moved",
                "cancelled",
                "arrived",
                "arrival_undone",
                "outcome",
                "outcome_undone",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "booked",
                "arrived",
                "served",
                "come_back",
                "absent",
                "cancelled_by_person",
                "cancelled_by_office",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("slot_id", BigInt, nullable=False),
        sa.Column("staff_id", BigInt, nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("idem_key", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_appointment_events_appointment_id")
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_appointment_events_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_events")),
        sa.UniqueConstraint("idem_key", name=op.f("uq_appointment_events_idem_key")),
    )
    with op.batch_alter_table("appointment_events", schema=None) as batch_op:
        batch_op.create_index("ix_appointment_events_appointment_id", ["appointment_id"], unique=False)

    op.create_table(
        "visits",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("appointment_id", BigInt, nullable=False),
        sa.Column("arrived_at", UtcDateTime(), nullable=True),
        sa.Column("arrived_by", BigInt, nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "served", "come_back", "absent", name="outcome", native_enum=False, create_constraint=True, length=24
            ),
            nullable=True,
        ),
        sa.Column("outcome_at", UtcDateTime(), nullable=True),
        sa.Column("outcome_by", BigInt, nullable=True),
        sa.Column("come_back_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.id"], name=op.f("fk_visits_appointment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visits")),
        sa.UniqueConstraint("appointment_id", name=op.f("uq_visits_appointment_id")),
    )


def downgrade() -> None:
    op.drop_table("visits")
    with op.batch_alter_table("appointment_events", schema=None) as batch_op:
        batch_op.drop_index("ix_appointment_events_appointment_id")

    op.drop_table("appointment_events")
    with op.batch_alter_table("holds", schema=None) as batch_op:
        batch_op.drop_index("ix_holds_slot_id")
        batch_op.drop_index("ix_holds_expires_at")

    op.drop_table("holds")
    with op.batch_alter_table("appointments", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_appointments_live", sqlite_where=sa.text("is_live"), postgresql_where=sa.text("is_live")
        )
        batch_op.drop_index("ix_appointments_slot_id")
        batch_op.drop_index("ix_appointments_office_day")
        batch_op.drop_index("ix_appointments_conversation_id")

    op.drop_table("appointments")
    with op.batch_alter_table("slots", schema=None) as batch_op:
        batch_op.drop_index("ix_slots_open", sqlite_where=sa.text("is_open"), postgresql_where=sa.text("is_open"))

    op.drop_table("slots")
    with op.batch_alter_table("queue_services", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_queue_services_service_id"))

    op.drop_table("queue_services")
    with op.batch_alter_table("opening_rules", schema=None) as batch_op:
        batch_op.drop_index("ix_opening_rules_queue_id")

    op.drop_table("opening_rules")
    op.drop_table("capacity_exceptions")
    with op.batch_alter_table("queues", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_queues_office_id"))

    op.drop_table("queues")
    op.drop_table("holidays")
