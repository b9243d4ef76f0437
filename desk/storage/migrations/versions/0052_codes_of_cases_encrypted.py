"""The codes of cases are encrypted, and found by marks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Connection

from desk.storage.encryption import Keys
from desk.storage.migrate import keys_here
from desk.storage.migrations.rewriting import decrypt_all, encrypt_some

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

REWRITTEN = ("cases",)
CODES = {"code": "code_sealed"}


def upgrade() -> None:
    with op.batch_alter_table("cases") as batch:
        batch.alter_column("code", existing_type=sa.String(12), nullable=True)
        batch.add_column(sa.Column("code_mark", sa.String(32), nullable=True))
        batch.add_column(sa.Column("code_sealed", sa.LargeBinary(), nullable=True))


def fill(connection: Connection, keys: Keys, limit: int) -> int:
    def marked(keys: Keys, row: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"code_mark": keys.mark("a case by its code", row["code"])}

    return encrypt_some(connection, keys, table="cases", columns=CODES, more=marked, limit=limit)


def downgrade() -> None:
    decrypt_all(op.get_bind(), keys_here(), table="cases", columns=CODES)
    with op.batch_alter_table("cases") as batch:
        batch.alter_column("code", existing_type=sa.String(12), nullable=False)
        batch.drop_column("code_mark")
        batch.drop_column("code_sealed")
