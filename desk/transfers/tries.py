"""Counts of tries, stored under keyed hashes apart from what is erased: of the chat that asks, of the code, and of the
chat that has its appointment.

A try is counted before it is looked at, whether the code exists or not: so two at once are two tries, and the count
itself tells nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import Executable, bindparam, case, select
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.conversations.actions import require_chat
from desk.conversations.limits import MARK
from desk.conversations.models import Conversation
from desk.storage.base import WriteSession, keys_of
from desk.storage.deleting import delete_some
from desk.storage.upsert import insert_into, table_of
from desk.transfers.models import TransferTry
from desk.transfers.rules import CHAT_SERIES, CODE_SERIES, MOST_TRIES

_tries, _chats = table_of(TransferTry), table_of(Conversation)
_MARK_OF = select(MARK).where(_chats.c.id == bindparam("of"))
_RESTS = select(_tries.c.ends_at).where(
    _tries.c.mark == bindparam("mark"),
    _tries.c.count >= MOST_TRIES,
    _tries.c.ends_at > bindparam("now", type_=_tries.c.ends_at.type),
)


@lru_cache(maxsize=2)
def _count(dialect: str) -> Executable:
    new = insert_into(dialect, TransferTry).values(mark=bindparam("of"), count=1, ends_at=bindparam("ends"))
    is_over = _tries.c.ends_at <= bindparam("now", type_=_tries.c.ends_at.type)
    return new.on_conflict_do_update(
        index_elements=["mark"],
        set_={
            "count": case((is_over, 1), else_=_tries.c.count + 1),
            "ends_at": case((is_over, new.excluded.ends_at), else_=_tries.c.ends_at),
        },
    ).returning(_tries.c.count)


def rests_until(session: Session, *, conversation_id: int, now: datetime) -> datetime | None:
    """Until when this chat may not try again; None = it may."""
    asked = {"mark": _of_chat(session, conversation_id), "now": now}
    return session.connection().execute(_RESTS, asked).scalar_one_or_none()


def is_free(
    session: WriteSession, *, actor: Actor, code: str = "", source_mark: str | None = None, now: datetime
) -> bool:
    """Count a try of the actor's chat, at this code and at the chat with this hash; False = one has had enough."""
    keys = session.keys
    counted = {_of_chat(session, require_chat(actor)): CHAT_SERIES}
    if code:
        counted[keys.mark("transfer code", code)] = CODE_SERIES
        counted[keys.mark("transfer source", source_mark or code)] = CODE_SERIES
    # In one order, so that two at once do not wait for each other; and all of them, whatever the first one says.
    times = [_counted(session, mark, series, now=now) for mark, series in sorted(counted.items())]
    return max(times) <= MOST_TRIES


def _counted(session: WriteSession, mark: str, series: timedelta, *, now: datetime) -> int:
    given = {"of": mark, "ends": now + series, "now": now}
    times: int = session.connection().execute(_count(session.get_bind().dialect.name), given).scalar_one()
    return times


def _of_chat(session: Session, conversation_id: int) -> str:
    of = session.connection().execute(_MARK_OF, {"of": conversation_id}).scalar_one()
    return keys_of(session).mark("transfer chat", of)


def forget(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete the counts of series that are over; returns their number."""
    return delete_some(session, _tries, _tries.c.ends_at <= now, limit=limit)
