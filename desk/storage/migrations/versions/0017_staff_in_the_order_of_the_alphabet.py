"""The key that puts staff into the order of the Persian alphabet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.staff.rules import sorts_as
from desk.storage.types import sort_key

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_members = sa.table(
    "staff_members", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("sorts_as", sa.String)
)


def upgrade() -> None:
    op.add_column("staff_members", sa.Column("sorts_as", sort_key(240), server_default="", nullable=False))
    connection = op.get_bind()
    for id, name in connection.execute(sa.select(*_members.c["id", "name"])).all():
        connection.execute(_members.update().where(_members.c.id == id).values(sorts_as=sorts_as(name)))
    if connection.dialect.name != "sqlite":
        op.alter_column("staff_members", "sorts_as", server_default=None)


def downgrade() -> None:
    op.drop_column("staff_members", "sorts_as")
