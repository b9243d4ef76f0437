"""A message is told in another chat instead of its own, and given back to its own."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, case, or_, select, update

from desk.conversations.models import Conversation
from desk.outbox.actions import TOPIC
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState, Recipient
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_messages, _chats = table_of(OutboxMessage), table_of(Conversation)
_c = _messages.c
_UNTRIED: Final = {"lease_until": None, "tries": 0, "failing_since": None, "reason": None}
"""What begins anew with another recipient: nothing was tried there yet."""
_TELL = (
    update(_messages)
    .where(
        _c.id == bindparam("message"),
        _c.conversation_id == bindparam("owner"),
        _c.instead_of.is_(None),
        _c.is_open,
    )
    .values(
        conversation_id=bindparam("to"),
        channel=bindparam("to_channel"),
        bot=bindparam("to_bot"),
        instead_of=bindparam("owner"),
        state=DeliveryState.OPEN,
        due_at=bindparam("now"),
        **_UNTRIED,
    )
)
_IS_DROPPED = _c.state == DeliveryState.DROPPED
_GIVE_BACK = (
    update(_messages)
    # Dropped ones too: what is true again is restored, and would be told in the other chat after all.
    .where(
        _c.conversation_id == bindparam("told_in"),
        _c.instead_of == bindparam("owner"),
        or_(_c.is_open, _IS_DROPPED),
    )
    .values(
        conversation_id=bindparam("owner"),
        channel=bindparam("to_channel"),
        bot=bindparam("to_bot"),
        instead_of=None,
        state=case((_IS_DROPPED, _c.state), else_=DeliveryState.OPEN),
        due_at=case((_IS_DROPPED, _c.due_at), else_=bindparam("now", type_=_c.due_at.type)),
        **_UNTRIED,
    )
)
_GIVE_ONE_BACK = _GIVE_BACK.where(_c.id == bindparam("message"))
_owner = _chats.c.id == _c.instead_of
_GIVE_ALL_BACK = (
    update(_messages)
    .where(_c.conversation_id == bindparam("told_in"), _c.instead_of.is_not(None))
    .values(
        conversation_id=_c.instead_of,
        channel=select(_chats.c.channel).where(_owner).scalar_subquery(),
        bot=select(_chats.c.bot).where(_owner).scalar_subquery(),
        instead_of=None,
        # The messenger's own number of a sent message means nothing in another chat.
        message_id=None,
        state=case((_c.is_open, DeliveryState.OPEN), else_=_c.state),
        lease_until=None,
        tries=0,
    )
)


def tell_in(session: WriteSession, *, message_id: int, owner: int, to: Recipient, now: datetime) -> int:
    """Send this message of the chat `owner` to another chat instead, at once; returns 1, or 0 where it is over.

    It is the same message, so that it is told once; what is told in another chat already goes no further.
    """
    given = {"owner": owner, "to": to.conversation_id, "to_channel": to.channel, "to_bot": to.bot, "now": now}
    session.announce(TOPIC)
    return session.connection().execute(_TELL, {"message": message_id, **given}).rowcount


def give_back(session: WriteSession, *, told_in: int, to: Recipient, now: datetime) -> None:
    """Send what waits to be told in that chat where it belongs, to this one; what was told stays as it is."""
    given = {"told_in": told_in, "owner": to.conversation_id, "to_channel": to.channel, "to_bot": to.bot}
    session.connection().execute(_GIVE_BACK, {**given, "now": now})
    session.announce(TOPIC)


def give_one_back(session: WriteSession, *, message_id: int, told_in: int, to: Recipient, now: datetime) -> int:
    """Send this one of them where it belongs; returns 1, or 0 where it is over."""
    given = {"told_in": told_in, "owner": to.conversation_id, "to_channel": to.channel, "to_bot": to.bot, "now": now}
    session.announce(TOPIC)
    return session.connection().execute(_GIVE_ONE_BACK, {"message": message_id, **given}).rowcount


def give_all_back(session: WriteSession, *, told_in: int) -> None:
    """Give the messages of others in this chat, told ones too, to those they belong to: this chat erases."""
    session.connection().execute(_GIVE_ALL_BACK, {"told_in": told_in})
