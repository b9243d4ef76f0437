"""Writes messages to the outbox, and records what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, delete, func, null, or_, true, update

from desk.conversations.rules import hour_of
from desk.outbox.claiming import claim
from desk.outbox.models import OutboxMessage
from desk.outbox.rows import SentTo
from desk.outbox.rules import DeliveryState, Lane, NoticeKind, Recipient
from desk.storage.base import WriteSession
from desk.storage.deleting import delete_some
from desk.storage.hours import hour
from desk.storage.upsert import insert_many_if_new, table_of

__all__ = [
    "TOPIC",
    "claim",
    "drop",
    "drop_one",
    "enqueue",
    "erase_chat",
    "forget_closed",
    "mark_dead",
    "mark_sent",
    "mark_sent_many",
    "put_back",
    "restore",
    "try_now",
]

TOPIC = "outbox"
"""The topic announced with every message, which wakes the worker after the commit."""

_messages = table_of(OutboxMessage)
_c = _messages.c
# When a message was written and sent is kept by the hour once it is over: it would tell when its chat did something.
_BY_THE_HOUR: dict[str, Any] = {"created_at": hour(_c.created_at), "due_at": hour(_c.due_at)}
# One that is dropped may be restored, and is then sent at its time; a reply has none of its own.
_DROPPED: dict[str, Any] = {
    "state": DeliveryState.DROPPED,
    "is_open": False,
    # As part of the statement: a value would be converted each time.
    "lease_until": null(),
    "failing_since": null(),
    "created_at": hour(_c.created_at),
    "due_at": case((_c.due_at == _c.created_at, hour(_c.due_at)), else_=_c.due_at),
}
_is_there = _c.conversation_id == func.coalesce(
    bindparam("claimed_for", type_=_c.conversation_id.type), _c.conversation_id
)
# Also one dropped or given up while it was being sent: if it arrived, staff must see that.
_MARK_SENT = (
    update(_messages)
    .where(_messages.c.id == bindparam("of"), _messages.c.state != DeliveryState.SENT)
    .values(
        state=DeliveryState.SENT,
        is_open=False,
        lease_until=None,
        failing_since=None,
        reason=None,
        # The messenger's own number means nothing in the chat to which it was given meanwhile.
        message_id=case((_is_there, bindparam("message", type_=_c.message_id.type)), else_=null()),
        sent_at=bindparam("now"),
        **_BY_THE_HOUR,
    )
)


def enqueue(
    session: WriteSession,
    *,
    idem_key: str,
    to: Recipient,
    notice: NoticeKind,
    params: dict[str, Any],
    about: str | None = None,
    lane: Lane = Lane.REPLY,
    due_at: datetime,
    now: datetime,
) -> bool:
    """Write a message that must arrive; False = one with this `idem_key` exists, and nothing was written.

    `params` are JSON values: ids and codes, never what staff or applicants wrote.
    """
    result = session.connection().execute(
        insert_many_if_new(session, OutboxMessage, unique=("idem_key",)),
        {
            "idem_key": idem_key,
            "channel": to.channel,
            "bot": to.bot,
            "conversation_id": to.conversation_id,
            "lane": lane,
            "notice": notice,
            "params": params,
            "about": about,
            "state": DeliveryState.OPEN,
            "is_open": True,
            "due_at": due_at,
            "created_at": now,
        },
    )
    session.announce(TOPIC)
    return result.rowcount > 0


def mark_sent(
    session: WriteSession, *, id: int, message_id: str | None, claimed_for: int | None = None, now: datetime
) -> None:
    """Record that it was sent, as the messenger's message `message_id`, to the chat for which it was claimed."""
    mark_sent_many(session, sent=[SentTo(id, message_id, claimed_for)], now=now)


def mark_sent_many(session: WriteSession, *, sent: Iterable[SentTo], now: datetime) -> None:
    """Record that these were sent. What was given to another chat meanwhile is told all the same, and only once."""
    rows = [
        {"of": each.id, "message": each.message_id, "claimed_for": each.claimed_for, "now": hour_of(now)}
        for each in sent
    ]
    if rows:
        session.connection().execute(_MARK_SENT, rows)


def put_back(
    session: WriteSession, *, id: int, reason: str, due_at: datetime, claimed_for: int | None = None, now: datetime
) -> None:
    """It could not be sent and is tried again at `due_at`; one that was dropped meanwhile stays dropped."""
    session.execute(
        update(_messages)
        .where(_messages.c.id == id, _messages.c.state == DeliveryState.CLAIMED, _still_of(claimed_for))
        .values(
            state=DeliveryState.OPEN,
            lease_until=None,
            reason=reason[:200],
            due_at=due_at,
            failing_since=func.coalesce(_c.failing_since, now),
        )
    )


def try_now(session: WriteSession, *, to: Recipient, now: datetime) -> None:
    """Try the messages of this chat that were put back at once: the person has written again."""
    session.execute(
        update(_messages)
        .where(
            _messages.c.conversation_id == to.conversation_id,
            _messages.c.state == DeliveryState.OPEN,
            _messages.c.tries > 0,
            _messages.c.due_at > now,
        )
        .values(due_at=now, failing_since=None)
    )
    session.announce(TOPIC)


def mark_dead(session: WriteSession, *, id: int, reason: str, claimed_for: int | None = None) -> None:
    """It can never arrive (blocked, no such chat, refused by the messenger); staff see the reason."""
    session.execute(
        update(_messages)
        .where(_messages.c.id == id, _messages.c.is_open, _still_of(claimed_for))
        .values(
            state=DeliveryState.DEAD,
            is_open=False,
            lease_until=None,
            failing_since=None,
            reason=reason[:200],
            **_BY_THE_HOUR,
        )
    )


def drop(session: WriteSession, *, about: str, notices: Sequence[NoticeKind] | None = None) -> int:
    """Drop unsent messages about something that is no longer true; returns their number.

    One that a worker is sending at this moment is dropped too; if it arrives after all, it counts as sent.
    """
    statement = update(_messages).where(_messages.c.about == about, _messages.c.is_open)
    if notices is not None:
        statement = statement.where(_messages.c.notice.in_(notices))
    return session.connection().execute(statement.values(_DROPPED)).rowcount


def restore(session: WriteSession, *, idem_keys: Sequence[str]) -> int:
    """Restore messages that `drop` dropped, since the change behind it is undone; returns their number.

    Each keeps its time. One whose time has passed is due now; the composer decides whether it is still true.
    """
    statement = (
        update(_messages)
        .where(_messages.c.idem_key.in_(idem_keys), _messages.c.state == DeliveryState.DROPPED)
        .values(state=DeliveryState.OPEN, is_open=True, tries=0, failing_since=None, reason=None)
    )
    session.announce(TOPIC)
    return session.connection().execute(statement).rowcount


def drop_one(session: WriteSession, *, id: int, claimed_for: int | None = None) -> None:
    """A worker found that this message is no longer true and did not send it."""
    mine = (_messages.c.id == id, _messages.c.is_open, _still_of(claimed_for))
    session.execute(update(_messages).where(*mine).values(_DROPPED))


def _still_of(claimed_for: int | None) -> ColumnElement[bool]:
    """Whether the message still goes to the chat for which a worker claimed it (`desk.outbox.instead`)."""
    return true() if claimed_for is None else _c.conversation_id == claimed_for


def erase_chat(session: WriteSession, *, to: Recipient) -> int:
    """Delete all messages of this chat, sent ones too, also those told in another; returns their number."""
    of = or_(_c.conversation_id == to.conversation_id, _c.instead_of == to.conversation_id)
    return session.connection().execute(delete(_messages).where(of)).rowcount


def forget_closed(session: WriteSession, *, before: datetime, limit: int) -> int:
    """Delete closed messages written before that moment; returns their number."""
    return delete_some(session, _messages, _messages.c.created_at < before, ~_messages.c.is_open, limit=limit)
