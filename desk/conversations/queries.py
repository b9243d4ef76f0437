"""Reading conversations: by chat or id, whether code look-ups are blocked, and the updates that were set aside."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from desk.conversations.addresses import CHAT, STATE, marks_of_chat
from desk.conversations.limits import counted
from desk.conversations.models import Conversation, HeardUpdate, UpdateOutcome
from desk.conversations.rows import ConversationRow, ParkedUpdate
from desk.conversations.rules import CounterKind, rests_until
from desk.storage.base import keys_of
from desk.storage.encryption import Keys
from desk.storage.rows import columns_for
from desk.storage.upsert import table_of

_chats = table_of(Conversation)
_heard = table_of(HeardUpdate)

# Built once: every incoming message runs it.
BY_CHAT = select(
    *_chats.c["id", "channel", "bot", "chat_sealed", "locale", "consented_at", "state_sealed", "revision", "reachable"],
    _chats.c.limits_mark,
).where(
    _chats.c.channel == bindparam("channel"),
    _chats.c.bot == bindparam("bot"),
    _chats.c.chat_mark == bindparam("mark"),
)
BY_ID = select(*BY_CHAT.selected_columns).where(_chats.c.id == bindparam("id"))
_PARKED = columns_for(ParkedUpdate, *_heard.c["channel", "bot", "update_id", "heard_at", "reason"])


def find(session: Session, *, channel: str, bot: str, chat: str) -> ConversationRow | None:
    """The conversation of this chat; None where it was never opened or was erased."""
    keys = keys_of(session)
    for mark in marks_of_chat(keys, channel=channel, bot=bot, chat=chat):
        row = session.connection().execute(BY_CHAT, {"channel": channel, "bot": bot, "mark": mark}).first()
        if row is not None:
            return conversation_row(keys, row, chat=chat)
    return None


def conversation_row(keys: Keys, row: Any, *, chat: str | None = None) -> ConversationRow:
    """The light row of what BY_CHAT or BY_ID found; `chat` is its address where that is known already."""
    return ConversationRow(
        id=row.id,
        channel=row.channel,
        bot=row.bot,
        chat=keys.decrypt(row.chat_sealed, column=CHAT, row=row.id) if chat is None else chat,
        locale=row.locale,
        consented_at=row.consented_at,
        state=keys.open_sealed(row.state_sealed, column=STATE, row=row.id),
        revision=row.revision,
        reachable=row.reachable,
        limits_mark=row.limits_mark,
    )


def by_id(session: Session, *, conversation_id: int) -> ConversationRow | None:
    """The conversation with this id; None where it was erased."""
    row = session.connection().execute(BY_ID, {"id": conversation_id}).first()
    return None if row is None else conversation_row(keys_of(session), row)


def codes_rest_until(session: Session, *, conversation_id: int, now: datetime) -> datetime | None:
    """Until when code look-ups are blocked for this chat, after too many misses; None = they are not."""
    row = counted(session, conversation_id=conversation_id, kind=CounterKind.UNKNOWN_CODES, now=now)
    return None if row is None else rests_until(*row, now=now)


def parked(session: Session, *, limit: int) -> tuple[list[ParkedUpdate], int]:
    """The newest updates that could not be read, and the number of all."""
    rows = session.execute(
        select(
            *_PARKED,
            func.count().over().label("total"),
        )
        .where(_heard.c.outcome == UpdateOutcome.PARKED)
        .order_by(_heard.c.id.desc())
        .limit(limit)
    ).all()
    return [ParkedUpdate(*values) for *values, _total in rows], rows[0].total if rows else 0
