"""Counts of tries, stored under keyed hashes apart from what is erased: of the chat that asks, of the code, and of the
chat that has its appointment.

A try is counted before it is looked at, whether the code exists or not: so two at once are two tries, and the count
itself tells nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import Executable, bindparam, case, func, select
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
_RUNNING = (
    _tries.c.mark.in_(bindparam("marks", expanding=True)),
    _tries.c.ends_at > bindparam("now", type_=_tries.c.ends_at.type),
)
_RESTS = select(func.max(_tries.c.ends_at)).where(*_RUNNING).having(func.sum(_tries.c.count) >= MOST_TRIES)
_COUNTED = select(func.coalesce(func.sum(_tries.c.count), 0)).where(*_RUNNING)


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
    asked = {"marks": _of_chat(session, conversation_id), "now": now}
    return session.connection().execute(_RESTS, asked).scalar_one_or_none()


def had_enough(session: Session, *, conversation_id: int, now: datetime) -> bool:
    """Whether this chat went on after its last try; what is looked up then finds nothing."""
    asked = {"marks": _of_chat(session, conversation_id), "now": now}
    return bool(session.connection().execute(_COUNTED, asked).scalar_one() > MOST_TRIES)


def is_free(
    session: WriteSession, *, actor: Actor, code: str = "", source_id: int | None = None, now: datetime
) -> bool:
    """Count a try of the actor's chat, at this code and at the chat of this id; False = one has had enough."""
    keys = session.keys
    counted = {_of_chat(session, require_chat(actor)): CHAT_SERIES}
    if code:
        counted[keys.named_marks("transfer code", code)] = CODE_SERIES
        counted[keys.named_marks("transfer source", f"chat {source_id}" if source_id else code)] = CODE_SERIES
    # In one order, so that two at once do not wait for each other; and all of them, whatever the first one says.
    times = [_counted(session, marks, series, now=now) for marks, series in sorted(counted.items())]
    return max(times) <= MOST_TRIES


def _counted(session: WriteSession, marks: tuple[str, ...], series: timedelta, *, now: datetime) -> int:
    """Count one more under the first of these marks; what runs under the others, by older keys, counts too."""
    given = {"of": marks[0], "ends": now + series, "now": now}
    times: int = session.connection().execute(_count(session.get_bind().dialect.name), given).scalar_one()
    if len(marks) > 1:
        times += session.connection().execute(_COUNTED, {"marks": marks[1:], "now": now}).scalar_one()
    return times


def _of_chat(session: Session, conversation_id: int) -> tuple[str, ...]:
    of = session.connection().execute(_MARK_OF, {"of": conversation_id}).scalar_one()
    return keys_of(session).named_marks("transfer chat", of)


def forget(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete the counts of series that are over; returns their number."""
    return delete_some(session, _tries, _tries.c.ends_at <= now, limit=limit)
