"""Reading with which chat one is connected."""

from __future__ import annotations

from sqlalchemy import bindparam, exists, select, text
from sqlalchemy.orm import Session

from desk.conversations.models import Conversation
from desk.other_chats.models import OtherChat
from desk.other_chats.rows import OtherChatRow
from desk.other_chats.rules import OtherChatNotice
from desk.outbox.models import OutboxMessage
from desk.storage.upsert import table_of

_pairs, _chats = table_of(OtherChat), table_of(Conversation)
_messages = table_of(OutboxMessage)
_TELLS = exists().where(
    _messages.c.conversation_id.in_([_pairs.c.conversation_id, _pairs.c.other_id]),
    text("outbox_messages.is_open"),  # as in the partial index
    _messages.c.notice == OtherChatNotice.MADE,
)
_OF = (
    select(_chats.c.channel, _pairs.c.works_from, _TELLS.label("is_being_told"))
    .join(_chats, _chats.c.id == _pairs.c.other_id)
    .where(_pairs.c.conversation_id == bindparam("chat"))
)
_ID_OF = select(_pairs.c.other_id).where(_pairs.c.conversation_id == bindparam("chat"))


def id_of_other(session: Session, *, conversation_id: int) -> int | None:
    """The id of the other chat of this one; None = it has none."""
    return session.connection().execute(_ID_OF, {"chat": conversation_id}).scalar_one_or_none()


def other_of(session: Session, *, conversation_id: int) -> OtherChatRow | None:
    """The other chat of this one; None = it has none."""
    found = session.connection().execute(_OF, {"chat": conversation_id}).one_or_none()
    return None if found is None else OtherChatRow(*found)
