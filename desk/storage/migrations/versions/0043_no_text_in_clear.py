"""The columns that held what people said in clear are gone."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from desk.storage.types import Json

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

CLEAR: tuple[tuple[str, str, Any], ...] = (
    ("cases", "name", sa.String(80)),
    ("cases", "name_words", sa.String(160)),
    ("cases", "facts", Json),
    ("case_entries", "text", sa.Text()),
    ("case_entries", "voice", Json),
)


def upgrade() -> None:
    for table, name, _kind in CLEAR:
        op.drop_column(table, name)


def downgrade() -> None:
    for table, name, kind in CLEAR:
        op.add_column(table, sa.Column(name, kind, nullable=True))
