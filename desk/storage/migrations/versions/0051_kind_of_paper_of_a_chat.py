"""The kind of paper that a chat says of a person is that chat's own; the row that chats share holds none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

KINDS = (
    *("amayesh", "hoviat", "smart_id", "passport", "travel_slip", "headcount_slip"),
    *("residence_booklet", "residence_card", "unique_code", "tazkira", "other", "none"),
)
KIND = sa.String(24)
# Where several chats named the number, the shared row holds what the last of them said. What a chat itself said stands
# on what it booked.
KEPT = """
UPDATE known_persons SET document_kind = COALESCE(
  CASE WHEN EXISTS (
    SELECT 1 FROM known_persons o WHERE o.person_id = known_persons.person_id AND o.id <> known_persons.id
  ) THEN (
    SELECT a.document_kind FROM appointments a
    WHERE a.person_id = known_persons.person_id AND a.conversation_id = known_persons.conversation_id
      AND a.document_kind IS NOT NULL
    ORDER BY a.created_at DESC LIMIT 1
  ) END,
  (SELECT p.document_kind FROM persons p WHERE p.id = known_persons.person_id)
)
"""
SHARED = """
UPDATE persons SET document_kind = COALESCE(
  (SELECT k.document_kind FROM known_persons k WHERE k.person_id = persons.id ORDER BY k.used_at DESC LIMIT 1),
  (SELECT a.document_kind FROM appointments a WHERE a.person_id = persons.id AND a.document_kind IS NOT NULL
   ORDER BY a.created_at DESC LIMIT 1),
  'other'
)
"""


def upgrade() -> None:
    op.add_column("known_persons", sa.Column("document_kind", KIND, nullable=True))
    op.execute(KEPT)
    _must_be_said("known_persons")
    _is_gone("persons")


def downgrade() -> None:
    op.add_column("persons", sa.Column("document_kind", KIND, nullable=True))
    op.execute(SHARED)
    _must_be_said("persons")
    _is_gone("known_persons")


def _must_be_said(table: str) -> None:
    kinds = ", ".join(f"'{kind}'" for kind in KINDS)
    with op.batch_alter_table(table) as batch:
        batch.alter_column("document_kind", existing_type=KIND, nullable=False)
        batch.create_check_constraint(op.f(f"ck_{table}_document_kind"), f"document_kind IN ({kinds})")


def _is_gone(table: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_document_kind"), type_="check")
        batch.drop_column("document_kind")
