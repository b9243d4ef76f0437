"""Cases under nobody keep days instead of moments, and random keys; chats keep no code of such a case."""

from __future__ import annotations

from datetime import UTC, datetime
from secrets import token_hex
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from desk.clock import now
from desk.storage.base import BigInt
from desk.storage.migrate import keys_here
from desk.storage.types import UtcDateTime

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

BATCH = 500
TEHRAN = ZoneInfo("Asia/Tehran")
PRIVATE = ("complain", "follow", "ask")
"""The flows whose answers are forgotten after a day from now on."""
STATE = "conversations.state_sealed"
OF_A_CASE = ("case", "by_code", "more")

CASE_TIMES = ("created_at", "opened_at", "state_at", "closed_at", "answered_at", "changed_at")
DEADLINE_TIMES = ("started_at", "due_at", "paused_at", "met_at", "dropped_at", "look_at")
cases = sa.table(
    "cases",
    sa.column("id", BigInt),
    sa.column("contact", sa.String),
    sa.column("idem_key", sa.String),
    *(sa.column(name, UtcDateTime()) for name in CASE_TIMES),
)
entries = sa.table(
    "case_entries",
    sa.column("id", BigInt),
    sa.column("case_id", BigInt),
    sa.column("staff_id", BigInt),
    sa.column("idem_key", sa.String),
    sa.column("at", UtcDateTime()),
)
deadlines = sa.table(
    "deadlines",
    sa.column("id", BigInt),
    sa.column("subject", sa.String),
    sa.column("subject_id", BigInt),
    *(sa.column(name, UtcDateTime()) for name in DEADLINE_TIMES),
)
chats = sa.table(
    "conversations",
    sa.column("id", BigInt),
    sa.column("state_sealed", sa.LargeBinary),
    sa.column("is_unfinished", sa.Boolean),
    sa.column("private_since", UtcDateTime()),
)


def upgrade() -> None:
    connection = op.get_bind()
    last_id = 0
    nameless = sa.select(cases).where(cases.c.contact == "nobody").order_by(cases.c.id).limit(BATCH)
    while rows := connection.execute(nameless.where(cases.c.id > last_id)).fetchall():
        last_id = rows[-1].id
        for row in rows:
            # «old»: its id was drawn by a counter, and stays.
            coarse = {name: _day(getattr(row, name)) for name in CASE_TIMES}
            key = row.idem_key if row.idem_key.startswith("nobody:old:") else f"nobody:old:{token_hex(16)}"
            connection.execute(cases.update().where(cases.c.id == row.id).values(**coarse, idem_key=key))
            _coarsen(connection, entries, entries.c.case_id == row.id, names=("at",))
            of_case = sa.and_(deadlines.c.subject == "cases", deadlines.c.subject_id == row.id)
            _coarsen(connection, deadlines, of_case, names=DEADLINE_TIMES)
            by_person = sa.and_(entries.c.case_id == row.id, entries.c.staff_id.is_(None))
            connection.execute(entries.update().where(by_person).values(idem_key=None))
    op.add_column("conversations", sa.Column("private_since", UtcDateTime(), nullable=True))
    op.create_index("ix_conversations_private_since", "conversations", ["private_since"])
    keys, hour = keys_here(), now().replace(minute=0, second=0, microsecond=0)
    last_id = 0
    found = sa.select(chats.c.id, chats.c.state_sealed).where(chats.c.is_unfinished).order_by(chats.c.id).limit(BATCH)
    while held := connection.execute(found.where(chats.c.id > last_id)).fetchall():
        last_id = held[-1].id
        for id, sealed in held:
            state = _without_codes(keys.open_sealed(sealed, column=STATE, row=id), hour=hour.isoformat())
            if state is not None:
                values = {"state_sealed": keys.seal(state, column=STATE, row=id), "private_since": hour}
                connection.execute(chats.update().where(chats.c.id == id).values(values))


def _coarsen(connection: sa.Connection, table: sa.TableClause, which: sa.ColumnElement[bool], *, names: Any) -> None:
    for row in connection.execute(sa.select(table).where(which)).fetchall():
        coarse = {name: _day(getattr(row, name)) for name in names}
        connection.execute(table.update().where(table.c.id == row.id).values(**coarse))


def _day(moment: datetime | None) -> datetime | None:
    """The beginning of the day of this moment."""
    if moment is None:
        return None
    return moment.astimezone(TEHRAN).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)


def _without_codes(state: dict[str, Any], *, hour: str) -> dict[str, Any] | None:
    """The state of a chat without a case that was opened by its code, which is forgotten after a day; None = it holds
    nothing of that kind."""
    screens = [(state.get("flow"), state.get("draft"))]
    screens += [(screen[0], screen[2]) for screen in state.get("trail", ()) if isinstance(screen, list)]
    if not any(flow in PRIVATE for flow, _draft in screens):
        return None
    for _flow, draft in screens:
        if isinstance(draft, dict) and draft.get("by_code"):
            for name in OF_A_CASE:
                draft.pop(name, None)
    return {**state, "private_since": hour}


def downgrade() -> None:
    """What was taken away is not known any more; only the column goes."""
    op.drop_index("ix_conversations_private_since", "conversations")
    op.drop_column("conversations", "private_since")
