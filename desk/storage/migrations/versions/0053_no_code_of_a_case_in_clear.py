"""The column that held the codes of cases in clear is gone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cases") as batch:
        batch.drop_constraint("uq_cases_code", type_="unique")
        batch.drop_column("code")
        batch.alter_column("code_mark", existing_type=sa.String(32), nullable=False)
        batch.alter_column("code_sealed", existing_type=sa.LargeBinary(), nullable=False)
        batch.create_unique_constraint("uq_cases_code_mark", ["code_mark"])


def downgrade() -> None:
    with op.batch_alter_table("cases") as batch:
        batch.drop_constraint("uq_cases_code_mark", type_="unique")
        batch.alter_column("code_mark", existing_type=sa.String(32), nullable=True)
        batch.alter_column("code_sealed", existing_type=sa.LargeBinary(), nullable=True)
        batch.add_column(sa.Column("code", sa.String(12), nullable=True))
        batch.create_unique_constraint("uq_cases_code", ["code"])
