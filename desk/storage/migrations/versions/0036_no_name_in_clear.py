"""The columns that held names in clear are gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

CLEAR = (
    ("persons", "identity_last4", 4),
    ("known_persons", "name", 80),
    ("known_persons", "nickname", 40),
    ("appointments", "person_name", 80),
    ("visits", "note", 200),
)


def upgrade() -> None:
    for table, name, _length in CLEAR:
        op.drop_column(table, name)
    with op.batch_alter_table("known_persons") as batch:
        for name in ("name_sealed", "nickname_sealed"):
            batch.alter_column(name, existing_type=sa.LargeBinary(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("known_persons") as batch:
        for name in ("name_sealed", "nickname_sealed"):
            batch.alter_column(name, existing_type=sa.LargeBinary(), nullable=True)
    for table, name, length in CLEAR:
        op.add_column(table, sa.Column(name, sa.String(length), nullable=True))
