"""Which places of a slot are set apart for the desk and for people without an appointment; everybody's, as before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None

COLUMNS = (
    ("queues", "desk_share", "0", "desk_share BETWEEN 0 AND 100"),
    ("queues", "walk_in_share", "0", "walk_in_share >= 0 AND desk_share + walk_in_share <= 100"),
    ("queues", "desk_hours", "24", "desk_hours BETWEEN 0 AND 720"),
    ("queues", "walk_in_hours", "0", "walk_in_hours BETWEEN 0 AND 12"),
    ("slots", "desk", "0", "desk >= 0"),
    ("slots", "walk_in", "0", "walk_in >= 0"),
)
SHARE = "share IN ('desk', 'walk_in')"


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for table, name, default, bounds in COLUMNS:
        if is_postgresql:
            op.add_column(table, sa.Column(name, sa.SmallInteger(), nullable=False, server_default=default))
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, bounds)
        else:
            # Without making the table anew: the rows are many.
            check = f"CONSTRAINT ck_{table}_{name} CHECK ({bounds})"
            op.execute(f"ALTER TABLE {table} ADD COLUMN {name} SMALLINT NOT NULL DEFAULT '{default}' {check}")
    if is_postgresql:
        op.add_column("appointments", sa.Column("share", sa.String(24), nullable=True))
        op.create_check_constraint(op.f("ck_appointments_share"), "appointments", SHARE)
    else:
        op.execute(
            f"ALTER TABLE appointments ADD COLUMN share VARCHAR(24) CONSTRAINT ck_appointments_share CHECK ({SHARE})"
        )


def downgrade() -> None:
    """Places that are set apart and not used are everybody's again."""
    op.execute("""
        UPDATE slots SET remaining = remaining + (SELECT count(*) FROM claims c
            WHERE c.slot_id = slots.id AND c.kind = 'share'
              AND c.holder IN ('desk:' || CAST(slots.id AS TEXT), 'walk_in:' || CAST(slots.id AS TEXT)))
        WHERE (desk > 0 OR walk_in > 0) AND capacity = planned AND status = 'live'
    """)
    op.execute("""
        DELETE FROM claims WHERE kind = 'share'
          AND holder IN ('desk:' || CAST(slot_id AS TEXT), 'walk_in:' || CAST(slot_id AS TEXT))
    """)
    op.execute("UPDATE slots SET is_open = TRUE WHERE remaining > 0 AND status = 'live' AND NOT is_open")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_appointments_share"), "appointments", type_="check")
        for table, name, _default, _bounds in COLUMNS:
            op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.drop_column("appointments", "share")
    for table, name, _default, _bounds in reversed(COLUMNS):
        op.drop_column(table, name)
