"""Gives messages that cannot be delivered to the other chat: once, and never those about a chat itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, bindparam, cast, distinct, exists, func, literal, or_, select, text, tuple_
from sqlalchemy.sql.elements import BindParameter, ColumnElement

from desk.appointments.models import Appointment
from desk.conversations.models import Conversation
from desk.other_chats.models import OtherChat
from desk.other_chats.rules import NEAR, SEVERAL_FAIL, USUAL_PATIENCE, Patience
from desk.outbox import instead
from desk.outbox.models import OutboxMessage
from desk.outbox.quiet import is_quiet
from desk.outbox.rules import DeliveryState, Lane, Recipient
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_m = table_of(OutboxMessage).alias("m")
_failing = table_of(OutboxMessage).alias("failing")
_pairs, _chats, _appointments = table_of(OtherChat), table_of(Conversation), table_of(Appointment)
_NOW = bindparam("now", type_=_m.c.due_at.type)
TOO_MANY = "429"
"""So begins the reason where the messenger took nothing because too much came."""

_FALLS = (
    select(*_m.c["id", "conversation_id"], *_chats.c["channel", "bot"], _chats.c.id.label("other"))
    .join(_pairs, _pairs.c.conversation_id == _m.c.conversation_id)
    .join(_chats, _chats.c.id == _pairs.c.other_id)
    .where(
        text("m.is_open"),  # as in the partial indexes
        _m.c.instead_of.is_(None),
        # A message about nothing is about the chat itself: its screen, a transfer, the connection.
        _m.c.about.is_not(None),
        _pairs.c.works_from <= _NOW,
        _chats.c.reachable,
    )
)
_THIS = _FALLS.where(_m.c.id == bindparam("message"), _m.c.conversation_id == bindparam("chat"))

_HOME = (
    select(*_chats.c["channel", "bot", "id"])
    .join(_m, _m.c.instead_of == _chats.c.id)
    .where(_m.c.id == bindparam("message"), _m.c.conversation_id == bindparam("chat"), _chats.c.reachable)
)


def _waits_since(before: str) -> ColumnElement[bool]:
    """Whether the messenger did not take it since then.

    One that was not tried waits behind others, or for the morning, which tells nothing; unless an earlier one of its
    chat fails as long, or those of several chats. A single stranger's says nothing of the messenger, and one that is
    refused as too many nothing at all: a chat can bring that about by itself.
    """
    moment = bindparam(before, type_=_m.c.due_at.type)
    fails_as_long = text("failing.is_open"), _failing.c.failing_since <= moment
    fails_here = exists().where(*fails_as_long, _failing.c.conversation_id == _m.c.conversation_id)
    bots_that_fail = (
        select(_failing.c.channel, _failing.c.bot)
        .where(*fails_as_long, ~func.coalesce(_failing.c.reason, "").startswith(TOO_MANY))
        .group_by(_failing.c.channel, _failing.c.bot)
        .having(func.count(distinct(_failing.c.conversation_id)) >= SEVERAL_FAIL)
    )
    fails_there = or_(fails_here, tuple_(_m.c.channel, _m.c.bot).in_(bots_that_fail))
    goes_by_day: BindParameter[Any] = bindparam(f"{before}_lanes", expanding=True)
    return or_(
        _m.c.failing_since <= moment,
        and_(_m.c.tries == 0, _m.c.due_at <= moment, _m.c.lane.in_(goes_by_day), fails_there),
    )


_is_near = exists().where(
    _m.c.about == literal("appointment:", String) + cast(_appointments.c.id, String),
    _appointments.c.starts_at > _NOW,
    _appointments.c.starts_at <= bindparam("near", type_=_m.c.due_at.type),
)
_WAITING = (
    _FALLS.where(
        or_(_m.c.state == DeliveryState.OPEN, _m.c.lease_until <= _NOW),
        or_(_waits_since("usual"), and_(_waits_since("soon"), _is_near)),
    )
    .order_by(_m.c.conversation_id, _m.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=_m)
)
_BETWEEN: BindParameter[int] = bindparam("chats", expanding=True)
# Who cuts a connection holds the chat locked. This waits for it, and keeps the next one waiting; no longer than the
# foreign keys of the message would.
_LOCK = (
    select(_chats.c.id)
    .where(_chats.c.id.in_(_BETWEEN))
    .order_by(_chats.c.id)
    .with_for_update(read=True, key_share=True)
)
_CONNECTED = select(*_pairs.c["conversation_id", "other_id"]).where(_pairs.c.conversation_id.in_(_BETWEEN))


def fall_back(session: WriteSession, *, message_id: int, claimed_for: int, now: datetime) -> bool:
    """The messenger will never take this message for this chat: it goes to the other chat; False = there is none for
    it."""
    asked = {"message": message_id, "chat": claimed_for, "now": now}
    return bool(_give(session, session.connection().execute(_THIS, asked).all(), now=now))


def go_home(session: WriteSession, *, message_id: int, claimed_for: int, now: datetime) -> bool:
    """The chat in which this message waited to be told instead of its own has blocked the bot: it goes to its own
    after all; False = it belongs here, or its own has blocked the bot too.

    It does not come here again, as long as this chat takes nothing.
    """
    asked = {"message": message_id, "chat": claimed_for}
    own = session.connection().execute(_HOME, asked).one_or_none()
    return own is not None and bool(
        instead.give_one_back(session, message_id=message_id, told_in=claimed_for, to=Recipient(*own), now=now)
    )


def fall_back_waiting(session: WriteSession, *, patience: Patience = USUAL_PATIENCE, now: datetime, limit: int) -> int:
    """Give what a messenger has not taken for so long to the other chats; returns the number of messages."""
    asked = {
        "usual": now - patience.usual,
        "soon": now - patience.near,
        "usual_lanes": _lanes_of_all(now - patience.usual, now),
        "soon_lanes": _lanes_of_all(now - patience.near, now),
        "near": now + NEAR,
        "now": now,
        "most": limit,
    }
    return _give(session, session.connection().execute(_WAITING, asked).all(), now=now)


def _lanes_of_all(since: datetime, now: datetime) -> list[Lane]:
    """The lanes that were sent all this time; at night only replies are (`claim`)."""
    return [Lane.REPLY] if is_quiet(since) or is_quiet(now) else list(Lane)


def _give(session: WriteSession, found: Sequence[Any], *, now: datetime) -> int:
    """Give these messages to the other chats, where the two are still connected."""
    if not found:
        return 0
    chats = {"chats": sorted({chat for row in found for chat in (row.conversation_id, row.other)})}
    session.connection().execute(_LOCK, chats).all()
    connected = {tuple(pair) for pair in session.connection().execute(_CONNECTED, chats)}
    done = 0
    for row in found:
        if (row.conversation_id, row.other) not in connected:
            continue
        to = Recipient(row.channel, row.bot, row.other)
        done += instead.tell_in(session, message_id=row.id, owner=row.conversation_id, to=to, now=now)
    return done
