"""Writes several messages to one chat in one round trip to the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from desk.outbox.actions import TOPIC
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState, Lane, NoticeKind, Recipient
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_many_if_new


class Outgoing(NamedTuple):
    """One message to be written: as the arguments of `enqueue`."""

    idem_key: str
    notice: NoticeKind
    params: dict[str, Any]
    about: str | None
    lane: Lane
    due_at: datetime


def enqueue_several(session: WriteSession, *, to: Recipient, messages: Sequence[Outgoing], now: datetime) -> None:
    """Write messages that must arrive; where a key exists, its message stays as it is."""
    rows = [
        {
            "idem_key": message.idem_key,
            "channel": to.channel,
            "bot": to.bot,
            "conversation_id": to.conversation_id,
            "lane": message.lane,
            "notice": message.notice,
            "params": message.params,
            "about": message.about,
            "state": DeliveryState.OPEN,
            "is_open": True,
            "due_at": message.due_at,
            "created_at": now,
        }
        for message in messages
    ]
    session.connection().execute(insert_many_if_new(session, OutboxMessage, unique=("idem_key",)), rows)
    session.announce(TOPIC)
