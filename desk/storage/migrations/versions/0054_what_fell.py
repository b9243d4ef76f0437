"""When an appointment fell, and whose number a chat is asked for again after that."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from desk.storage.types import UtcDateTime

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

# Until now only the history said so.
FELL = """
UPDATE appointments SET fell_at = changed_at
WHERE state = 'cancelled_by_office' AND EXISTS (
  SELECT 1 FROM events e
  WHERE e.subject = 'appointment:' || CAST(appointments.id AS VARCHAR(20)) AND e.kind = 'appointment.fallen'
)
"""
IN_DOUBT = """
UPDATE known_persons SET is_in_doubt = true WHERE EXISTS (
  SELECT 1 FROM appointments a
  WHERE a.conversation_id = known_persons.conversation_id AND a.person_id = known_persons.person_id
    AND a.fell_at > known_persons.used_at
)
"""


def upgrade() -> None:
    op.add_column("appointments", sa.Column("fell_at", UtcDateTime(), nullable=True))
    op.add_column("known_persons", sa.Column("is_in_doubt", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(FELL)
    op.execute(IN_DOUBT)


def downgrade() -> None:
    op.drop_column("known_persons", "is_in_doubt")
    op.drop_column("appointments", "fell_at")
