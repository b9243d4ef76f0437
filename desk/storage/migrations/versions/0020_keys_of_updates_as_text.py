"""Keys of updates as text, since not every messenger counts; what was heard before stays known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("heard_updates") as batch:
        batch.alter_column(
            "update_id",
            existing_type=sa.BigInteger(),
            type_=sa.String(60),
            existing_nullable=False,
            postgresql_using="update_id::text",
        )


def downgrade() -> None:
    # What is no number could not be kept; a messenger that writes such keys is unknown to the earlier code anyway.
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DELETE FROM heard_updates WHERE CAST(CAST(update_id AS INTEGER) AS TEXT) <> update_id")
    else:
        op.execute("DELETE FROM heard_updates WHERE update_id !~ '^-?[0-9]{1,18}$'")
    with op.batch_alter_table("heard_updates") as batch:
        batch.alter_column(
            "update_id",
            existing_type=sa.String(60),
            type_=sa.BigInteger(),
            existing_nullable=False,
            postgresql_using="update_id::bigint",
        )
