"""The words an office is found by, made anew by the present folding: آ is ا, a ZWNJ parts words, a hyphen is a hyphen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.offices.rules import search_words
from desk.storage.types import LocalisedText

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_offices = sa.table(
    "offices",
    sa.column("id", sa.Integer),
    sa.column("code", sa.String),
    *(sa.column(name, LocalisedText) for name in ("city", "name", "address")),
    sa.column("search_words", sa.String),
)


def upgrade() -> None:
    # The search compares with what the code of today makes, whatever made the stored words.
    connection = op.get_bind()
    for id, code, *texts in connection.execute(sa.select(*_offices.c["id", "code", "city", "name", "address"])).all():
        connection.execute(_offices.update().where(_offices.c.id == id).values(search_words=search_words(code, *texts)))


def downgrade() -> None:
    """Nothing: the words are as good for the code before, but for a few spellings."""
