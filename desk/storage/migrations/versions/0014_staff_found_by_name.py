"""The folded words that a staff account is found by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.staff.rules import search_words

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_members = sa.table(
    "staff_members",
    sa.column("id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("username", sa.String),
    sa.column("search_words", sa.String),
)


def upgrade() -> None:
    words = sa.Column("search_words", sa.String(length=400), server_default="", nullable=False)
    op.add_column("staff_members", words)
    connection = op.get_bind()
    for id, name, username in connection.execute(sa.select(*_members.c["id", "name", "username"])).all():
        found_by = search_words(name, username)
        connection.execute(_members.update().where(_members.c.id == id).values(search_words=found_by))
    if connection.dialect.name != "sqlite":
        op.alter_column("staff_members", "search_words", server_default=None)


def downgrade() -> None:
    op.drop_column("staff_members", "search_words")
