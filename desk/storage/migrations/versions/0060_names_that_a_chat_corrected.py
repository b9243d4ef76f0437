"""Names that a chat corrected are counted, and staff can set that limit for one chat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

COUNTED = ("unknown_codes", "holding", "holds", "people", "cancellations", "fallen")
LIMITS = ("live_appointments", "new_people", "holds", "cancellations", "without_paper")
REASONS = ("household", "helper", "our_fault", "signs")


def upgrade() -> None:
    _counters_anew((*COUNTED, "names"))
    _allowances_anew((*LIMITS, "corrected_names"))


def downgrade() -> None:
    op.execute("DELETE FROM chat_counters WHERE kind = 'names'")
    op.execute("DELETE FROM chat_allowances WHERE kind = 'corrected_names'")
    _counters_anew(COUNTED)
    _allowances_anew(LIMITS)


def _words(name: str, members: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=24)


def _counters_anew(kinds: tuple[str, ...]) -> None:
    """The table with these kinds: SQLite changes no constraint of a table that is there."""
    op.execute("CREATE TABLE counters_kept AS SELECT mark, kind, count, ends_at FROM chat_counters")
    op.drop_table("chat_counters")
    op.create_table(
        "chat_counters",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("kind", _words("kind", kinds), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("mark", "kind", name=op.f("pk_chat_counters")),
    )
    op.create_index("ix_chat_counters_ends_at", "chat_counters", ["ends_at"])
    op.execute(
        "INSERT INTO chat_counters (mark, kind, count, ends_at) SELECT mark, kind, count, ends_at FROM counters_kept"
    )
    op.drop_table("counters_kept")


def _allowances_anew(kinds: tuple[str, ...]) -> None:
    op.execute("CREATE TABLE allowances_kept AS SELECT mark, kind, most, reason, ends_at FROM chat_allowances")
    op.drop_table("chat_allowances")
    op.create_table(
        "chat_allowances",
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("kind", _words("kind", kinds), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("reason", _words("reason", REASONS), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("most BETWEEN 1 AND 30", name=op.f("ck_chat_allowances_most")),
        sa.PrimaryKeyConstraint("mark", "kind", name=op.f("pk_chat_allowances")),
    )
    op.create_index("ix_chat_allowances_ends_at", "chat_allowances", ["ends_at"])
    op.execute(
        "INSERT INTO chat_allowances (mark, kind, most, reason, ends_at) "
        "SELECT mark, kind, most, reason, ends_at FROM allowances_kept"
    )
    op.drop_table("allowances_kept")
