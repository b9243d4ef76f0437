"""Room for the twelve digits that the code of a case has from now on; older codes stay as they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cases") as batch:
        batch.alter_column("code", existing_type=sa.String(9), type_=sa.String(12), existing_nullable=False)


def downgrade() -> None:
    """Nothing: a code that is cut leads to no case, and the earlier code does no harm with a wider column."""
