"""Papers of one person are linked by staff, and of two appointments of theirs the person says which stays."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COPIED = ("appointments", "standing_request_people")
"""Tables that carry the link of a person, of which `verify` asks that it is theirs."""
STATES = ("open", "chosen", "lapsed", "over")
UNIQUE = (
    ("uq_appointments_live_of_link", ["link_id", "service_id"], "is_live AND NOT is_contested"),
    ("uq_appointments_contested_of_link", ["link_id", "service_id"], "is_live AND is_contested"),
    ("uq_appointments_live_of_link_in_chat", ["conversation_id", "link_id", "service_id"], "is_live"),
    ("uq_standing_request_people_link", ["link_id", "service_id", "is_contested"], ""),
    ("uq_standing_request_people_link_in_chat", ["conversation_id", "link_id", "service_id"], ""),
)


def upgrade() -> None:
    op.create_table(
        "linked_papers",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_linked_papers")),
    )
    with op.batch_alter_table("persons") as persons:
        persons.add_column(sa.Column("link_id", BIG, nullable=True))
        persons.create_foreign_key(op.f("fk_persons_link_id"), "linked_papers", ["link_id"], ["id"])
    for table in COPIED:
        op.add_column(table, sa.Column("link_id", BIG, nullable=True))
    _index("ix_persons_link_id", "persons", ["link_id"], where="link_id IS NOT NULL")
    for name, columns, which in UNIQUE:
        where = f"link_id IS NOT NULL AND {which}" if which else "link_id IS NOT NULL"
        _index(name, _table_of(name), columns, where=where, unique=True)
    op.create_table(
        "appointment_choices",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("link_id", BIG, nullable=False),
        sa.Column("earlier_id", BIG, nullable=False),
        sa.Column("later_id", BIG, nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="state", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=True),
        sa.Column("over_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("earlier_id <> later_id", name=op.f("ck_appointment_choices_two")),
        sa.ForeignKeyConstraint(["link_id"], ["linked_papers.id"], name=op.f("fk_appointment_choices_link_id")),
        sa.ForeignKeyConstraint(["earlier_id"], ["appointments.id"], name=op.f("fk_appointment_choices_earlier_id")),
        sa.ForeignKeyConstraint(["later_id"], ["appointments.id"], name=op.f("fk_appointment_choices_later_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment_choices")),
    )
    for column in ("earlier_id", "later_id"):
        _index(f"ix_appointment_choices_{column}", "appointment_choices", [column], where="state = 'open'")


def _table_of(index: str) -> str:
    return "appointments" if index.startswith("uq_appointments") else "standing_request_people"


def _index(name: str, table: str, columns: list[str], *, where: str, unique: bool = False) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def downgrade() -> None:
    op.drop_table("appointment_choices")
    for name, _columns, _which in UNIQUE:
        op.drop_index(name, _table_of(name))
    op.drop_index("ix_persons_link_id", "persons")
    for table in COPIED:
        op.drop_column(table, "link_id")
    with op.batch_alter_table("persons") as persons:
        persons.drop_constraint(op.f("fk_persons_link_id"), type_="foreignkey")
        persons.drop_column("link_id")
    op.drop_table("linked_papers")
