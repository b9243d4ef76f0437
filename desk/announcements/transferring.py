"""Wishes go over to another chat of the same person, and come back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select

from desk.announcements.models import AnnouncementWish
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_many_if_new, table_of

_wishes = table_of(AnnouncementWish)


def change_chat(
    session: WriteSession, *, source: int, target: int, service_ids: Sequence[int] | None = None
) -> list[int]:
    """Give the wishes of a chat (None = all, else those about these services) to another; the services of what is new
    there. What the other waits for already is one wish."""
    those = [_wishes.c.conversation_id == source]
    if service_ids is not None:
        those.append(_wishes.c.service_id.in_(service_ids))
    connection = session.connection()
    rows: list[dict[str, Any]] = [dict(row) for row in connection.execute(select(_wishes).where(*those)).mappings()]
    if not rows:
        return []
    connection.execute(delete(_wishes).where(*those))
    new = insert_many_if_new(session, AnnouncementWish, unique=("conversation_id", "service_id"))
    return [row["service_id"] for row in rows if connection.execute(new, row | {"conversation_id": target}).rowcount]
