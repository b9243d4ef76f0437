"""What people wish for at the counter with an appointment, and on which weekdays an office says that it has it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = ("woman_clerk", "pashto", "arabic")
STATES = ("asked", "arranged", "cannot")


def upgrade() -> None:
    op.create_table(
        "office_assistance",
        sa.Column("office_id", ID, autoincrement=False, nullable=False),
        *(sa.Column(kind, sa.SmallInteger(), nullable=True) for kind in KINDS),
        *(sa.CheckConstraint(f"{kind} BETWEEN 0 AND 127", name=op.f(f"ck_office_assistance_{kind}")) for kind in KINDS),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_office_assistance_office_id")),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_office_assistance")),
    )
    op.create_table(
        "appointment_assistance",
        sa.Column("appointment_id", ID, autoincrement=False, nullable=False),
        *(
            sa.Column(
                kind,
                sa.Enum(*STATES, name=kind, native_enum=False, create_constraint=True, length=24),
                nullable=True,
            )
            for kind in KINDS
        ),
        sa.Column("answered_at_moves", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "COALESCE(woman_clerk, pashto, arabic) IS NOT NULL", name=op.f("ck_appointment_assistance_wishes")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointments.id"], name=op.f("fk_appointment_assistance_appointment_id")
        ),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_appointment_assistance")),
    )


def downgrade() -> None:
    op.drop_table("appointment_assistance")
    op.drop_table("office_assistance")
