"""Names, nicknames, the last characters of numbers, and the clerks' notes on visits are encrypted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Connection

from desk.storage.encryption import Keys
from desk.storage.migrate import keys_here
from desk.storage.migrations.rewriting import decrypt_all, encrypt_some

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

REWRITTEN = ("persons", "known_persons", "appointments", "visits")
TABLES = (
    ("persons", {"identity_last4": "last4_sealed"}, "id"),
    ("known_persons", {"name": "name_sealed", "nickname": "nickname_sealed"}, "id"),
    ("appointments", {"person_name": "name_sealed"}, "code"),
    ("visits", {"note": "note_sealed"}, "appointment_id"),
)
"""Each with its columns, and the column whose value stands for the row."""


def upgrade() -> None:
    for table, columns, _row in TABLES:
        for stored in columns.values():
            op.add_column(table, sa.Column(stored, sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("known_persons") as batch:
        batch.alter_column("name", existing_type=sa.String(80), nullable=True)
        batch.alter_column("nickname", existing_type=sa.String(40), nullable=True)


def fill(connection: Connection, keys: Keys, limit: int) -> int:
    for table, columns, row in TABLES:
        done = encrypt_some(connection, keys, table=table, columns=columns, row_of=row, limit=limit)
        if done:
            return done
    return 0


def downgrade() -> None:
    for table, columns, row in TABLES:
        decrypt_all(op.get_bind(), keys_here(), table=table, columns=columns, row_of=row)
    with op.batch_alter_table("known_persons") as batch:
        batch.alter_column("name", existing_type=sa.String(80), nullable=False)
        batch.alter_column("nickname", existing_type=sa.String(40), nullable=False)
    for table, columns, _row in TABLES:
        for stored in columns.values():
            op.drop_column(table, stored)
