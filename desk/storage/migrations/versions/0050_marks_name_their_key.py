"""Marks that cannot be made anew begin with the name of their key, so that it can be told what an older one is needed
for.

Where the key was changed before, nobody knows which one a mark is of: it stays as it is and is looked for by each.

Revision ID: 0050
Revises: 0049
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.migrate import keys_here

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

COLUMNS = {
    ("conversations", "limits_mark"): 52,
    ("chat_counters", "mark"): 52,
    ("chat_allowances", "mark"): 52,
    ("transfer_tries", "mark"): 23,
    ("counter_codes", "mark"): 23,
    ("staff_recovery_codes", "mark"): 23,
}
"""Each with the number of its digits that are kept behind the name."""


def upgrade() -> None:
    name, *older = keys_here().finding_names
    if older:
        return
    for (table, column), digits in COLUMNS.items():
        mark = sa.column(column, sa.String)
        is_bare = sa.and_(sa.not_(mark.contains(".")), sa.not_(mark.startswith("chat:")))
        named = sa.literal(f"{name}.", sa.String).concat(sa.func.substr(mark, 1, digits, type_=sa.String))
        op.execute(sa.update(sa.table(table, mark)).where(is_bare).values({column: named}))


def downgrade() -> None:
    """They stay so: the rest of the digits is not known. What was counted under them is counted anew."""
