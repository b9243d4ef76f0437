"""A day that differs holds any number of hours, and may be open beside its usual ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
TABLE = "capacity_exceptions"
_days = sa.table(
    TABLE,
    *(sa.column(name) for name in ("id", "kind", "opens", "closes", "counters")),
    sa.column("hours", JSON),
)
KIND = f"ck_{TABLE}_kind"


def upgrade() -> None:
    with op.batch_alter_table(TABLE) as batch:
        batch.add_column(sa.Column("hours", JSON, nullable=False, server_default="[]"))
        batch.drop_constraint(op.f(KIND), type_="check")
        batch.create_check_constraint(op.f(KIND), "kind IN ('closed', 'hours', 'extra')")
    connection = op.get_bind()
    given = sa.select(*_days.c["id", "opens", "closes"]).where(_days.c.opens.is_not(None), _days.c.closes.is_not(None))
    for id, opens, closes in connection.execute(given).all():
        hours = [[opens, closes, None, None]]
        connection.execute(sa.update(_days).where(_days.c.id == id).values(hours=hours))
    with op.batch_alter_table(TABLE) as batch:
        batch.alter_column("hours", existing_type=JSON, existing_nullable=False, server_default=None)
        batch.drop_column("opens")
        batch.drop_column("closes")


def downgrade() -> None:
    """Of several hours the first ones stay, which is fewer places, never more; an extra opening becomes other hours."""
    with op.batch_alter_table(TABLE) as batch:
        batch.add_column(sa.Column("opens", sa.SmallInteger(), nullable=True))
        batch.add_column(sa.Column("closes", sa.SmallInteger(), nullable=True))
    connection = op.get_bind()
    given = sa.select(*_days.c["id", "hours", "counters"]).where(_days.c.kind != "closed")
    for id, hours, counters in connection.execute(given).all():
        for opens, closes, among, _minutes in hours[:1]:
            values = {"kind": "hours", "opens": opens, "closes": closes, "counters": among or counters}
            connection.execute(sa.update(_days).where(_days.c.id == id).values(**values))
    with op.batch_alter_table(TABLE) as batch:
        batch.drop_constraint(op.f(KIND), type_="check")
        batch.create_check_constraint(op.f(KIND), "kind IN ('closed', 'hours')")
        batch.drop_column("hours")
