"""The messages of a draw to those who have no offer of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, true, update

from desk.draws.models import DrawEntry
from desk.draws.rows import DrawRow
from desk.draws.rules import DrawNotice
from desk.outbox.actions import TOPIC
from desk.outbox.models import OutboxMessage
from desk.outbox.quiet import after_the_night
from desk.outbox.rules import DeliveryState, Lane
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_many_if_new, table_of
from desk.waiting.history import subject_of

_entries = table_of(DrawEntry)
_TOLD = (
    update(_entries)
    .where(_entries.c.draw_id == bindparam("draw"), _entries.c.public_id == bindparam("id"))
    .values(is_told=true())
)


def tell(session: WriteSession, draw: DrawRow, rows: Iterable[Any], *, notice: DrawNotice, now: datetime) -> None:
    """Tell the chats of these requests (`request_id`, `channel`, `bot`, `chat`) what became of the draw, once each."""
    due_at = after_the_night(now)
    messages: list[dict[str, Any]] = [
        {
            "channel": row.channel,
            "bot": row.bot,
            "conversation_id": row.chat,
            "lane": Lane.BULK,
            "notice": notice,
            "params": {"draw": draw.id, "request": row.request_id},
            "about": subject_of(row.request_id),
            "state": DeliveryState.OPEN,
            "is_open": True,
            "due_at": due_at,
            "created_at": now,
            "idem_key": f"{notice}:{draw.id}:{row.request_id}",
        }
        for row in rows
    ]
    if messages:
        insert = insert_many_if_new(session, OutboxMessage, unique=("idem_key",))
        session.connection().execute(insert, messages)
        session.announce(TOPIC)


def mark_told(session: WriteSession, draw: DrawRow, rows: Sequence[Any]) -> None:
    """Note that what became of the draw was said to these requests, or that there is nobody to say it to."""
    if rows:
        session.connection().execute(_TOLD, [{"draw": draw.id, "id": row.public_id} for row in rows])
