"""Finds what was announced, and tells each chat that wanted to know: once, by day, and when it stands for an hour."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, bindparam, delete, or_, select, update

from desk.announcements import queries
from desk.announcements.models import AnnouncementWish
from desk.announcements.rules import SETTLES, Announceable, AnnouncementNotice
from desk.calendar import local_day_of
from desk.conversations.models import Conversation
from desk.outbox.actions import enqueue
from desk.outbox.quiet import is_quiet
from desk.outbox.rules import Lane, Recipient
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

_wishes, _chats = table_of(AnnouncementWish), table_of(Conversation)
_OF_SERVICE = _wishes.c.service_id == bindparam("service")
_NOW = bindparam("now", type_=_wishes.c.told_from.type)
_WAITED_FOR = select(_wishes.c.service_id).distinct().order_by(_wishes.c.service_id)
_TELLABLE = (
    select(_wishes.c.conversation_id)
    .join(_chats, _chats.c.id == _wishes.c.conversation_id)
    .where(_OF_SERVICE, _wishes.c.told_from <= _NOW, _chats.c.reachable)
    .order_by(_wishes.c.conversation_id)
    .limit(bindparam("most"))
    # What another process tells at this moment, or its chat takes back, is not waited for.
    .with_for_update(skip_locked=True, of=_wishes)
)
_TAKE = (
    delete(_wishes)
    .where(_OF_SERVICE, _wishes.c.conversation_id.in_(_TELLABLE))
    .returning(*_wishes.c["conversation_id", "unknown"])
)
_WHERE = select(*_chats.c["id", "channel", "bot"]).where(_chats.c.id.in_(bindparam("chats", expanding=True)))


def tell_announced(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Tell at most `limit` chats what is announced; their wishes are deleted in the same transaction.

    What stands for the first time is told an hour later: what the desk saves meanwhile is told with it, and what it
    takes back meanwhile is not.
    """
    if is_quiet(now):
        return 0
    told = 0
    for service_id in list(session.execute(_WAITED_FOR).scalars()):
        _mark(session, service_id=service_id, known=_known(session, service_id=service_id, now=now), now=now)
        told += _tell(session, service_id=service_id, limit=limit - told, now=now)
        if told >= limit:
            break
    return told


def about(service_id: int) -> str:
    """What outbox messages about what is announced of this service carry as `about`."""
    return f"service:{service_id}"


def _known(session: WriteSession, *, service_id: int, now: datetime) -> tuple[Announceable, ...]:
    """What is announced of a service; nothing of one that nobody may read."""
    shown = queries.card_of(session, service_id=service_id, today=local_day_of(now).date)
    if shown is None:
        return ()
    unknown = queries.unknown_now(session, shown)
    return tuple(each for each in Announceable if each not in unknown)


def _mark(session: WriteSession, *, service_id: int, known: Iterable[Announceable], now: datetime) -> None:
    """Note from when those are told for whom something is announced, and for whom nothing is any more."""
    connection = session.connection()
    is_announced = _any_of(tuple(known))
    of = update(_wishes).where(_wishes.c.service_id == service_id)
    connection.execute(of.where(_wishes.c.told_from.is_not(None), ~is_announced).values(told_from=None))
    connection.execute(of.where(_wishes.c.told_from.is_(None), is_announced).values(told_from=now + SETTLES))


def _tell(session: WriteSession, *, service_id: int, limit: int, now: datetime) -> int:
    taken = session.connection().execute(_TAKE, {"service": service_id, "now": now, "most": limit}).all()
    unknown = {row.conversation_id: row.unknown for row in taken}
    for row in session.connection().execute(_WHERE, {"chats": sorted(unknown)}).all():
        enqueue(
            session,
            idem_key=f"{AnnouncementNotice.ANNOUNCED}:{secrets.token_hex(8)}",
            to=Recipient(row.channel, row.bot, row.id),
            notice=AnnouncementNotice.ANNOUNCED,
            params={"service": service_id, "unknown": unknown[row.id]},
            about=about(service_id),
            lane=Lane.BULK,
            due_at=now,
            now=now,
        )
    return len(taken)


@lru_cache(maxsize=64)
def _any_of(known: tuple[Announceable, ...]) -> ColumnElement[bool]:
    """The condition that a wish wants to know any of these."""
    return or_(False, *(_wishes.c.unknown.contains(each.value) for each in known))
