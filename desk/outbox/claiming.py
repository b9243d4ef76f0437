"""Claiming messages for a worker: replies first, one per chat at a time, in order, for the time of a lease."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, bindparam, exists, func, or_, select, text, update

from desk.conversations.addresses import CHAT
from desk.conversations.models import Conversation
from desk.outbox.models import OutboxMessage
from desk.outbox.quiet import is_quiet
from desk.outbox.rows import Claimed
from desk.outbox.rules import LEASE, DeliveryState, Lane
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_m = table_of(OutboxMessage).alias("m")
_chats = table_of(Conversation)
_earlier = table_of(OutboxMessage).alias("e")
_NOW = bindparam("now", type_=_m.c.due_at.type)

_in_flight = and_(_earlier.c.state == DeliveryState.CLAIMED, _earlier.c.lease_until > _NOW)
_goes_first = and_(
    # A message that was put back after a failure goes before later ones of its chat: the order is kept.
    or_(_earlier.c.due_at <= _NOW, _earlier.c.tries > 0),
    or_(_earlier.c.lane < _m.c.lane, and_(_earlier.c.lane == _m.c.lane, _earlier.c.id < _m.c.id)),
)
# `is_open` is written as in the partial indexes: SQLite would not use them for `is_open = 1`.
_DUE = (
    select(
        _m.c.id,
        _m.c.channel,
        _m.c.bot,
        _m.c.conversation_id,
        _m.c.instead_of,
        _chats.c.chat_sealed,
        _m.c.lane,
        _m.c.notice,
        _m.c.params,
        _m.c.about,
        _m.c.tries,
        _m.c.due_at,
        _m.c.created_at,
    )
    .join(_chats, _chats.c.id == _m.c.conversation_id)
    .where(
        text("m.is_open"),
        _m.c.lane == bindparam("lane"),
        _m.c.due_at <= _NOW,
        _m.c.channel == bindparam("channel"),
        _m.c.bot == bindparam("bot"),
        or_(_m.c.state == DeliveryState.OPEN, _m.c.lease_until <= _NOW),
        ~exists().where(
            text("e.is_open"),
            _earlier.c.conversation_id == _m.c.conversation_id,
            _earlier.c.id != _m.c.id,
            or_(_in_flight, _goes_first),
        ),
    )
    .order_by(_m.c.due_at, _m.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, of=_m)
)
_messages = table_of(OutboxMessage)
_TAKE = (
    update(_messages)
    .where(_messages.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=DeliveryState.CLAIMED, lease_until=bindparam("lease"), tries=_messages.c.tries + 1)
)


def claim(session: WriteSession, *, channel: str, bot: str, limit: int, now: datetime) -> list[Claimed]:
    """Claim up to `limit` due messages of this bot, replies first; no other worker gets them for `LEASE`.

    At night only replies are claimed; other messages that are due wait for the morning.

    At most one message of a chat is claimed, the earliest due one of its first lane, and none while another of that
    chat is being sent or was put back: so the order inside a chat is kept through failures. A message that waits for
    its time and was not tried yet does not hold up others.
    A message whose lease has expired is due again. Several workers may call this at once.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        # Claims of one bot run one after the other: otherwise two workers could each see a different first message of a
        # chat while one of them falls due. SKIP LOCKED then only skips rows that are being updated.
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"outbox:{channel}:{bot}", 0))))
    given = {"channel": channel, "bot": bot, "now": now}
    lease = now + LEASE
    taken: list[Claimed] = []
    for lane in (Lane.REPLY,) if is_quiet(now) else tuple(Lane):
        if len(taken) >= limit:
            break
        rows = connection.execute(_DUE, {**given, "lane": lane, "limit": limit - len(taken)})
        taken += [
            Claimed(
                id=row.id,
                channel=row.channel,
                bot=row.bot,
                conversation_id=row.conversation_id,
                instead_of=row.instead_of,
                chat=session.keys.decrypt(row.chat_sealed, column=CHAT, row=row.conversation_id),
                lane=lane,
                notice=row.notice,
                params=row.params,
                about=row.about,
                tries=row.tries + 1,
                due_at=row.due_at,
                created_at=row.created_at,
                lease_until=lease,
            )
            for row in rows
        ]
    if taken:
        connection.execute(_TAKE, {"ids": [message.id for message in taken], "lease": lease})
    return taken
