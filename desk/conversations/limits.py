"""Counts of what a chat has done lately, stored under a keyed hash of its address, so that erasing does not reset them.

Each count belongs to a series: it begins with the first time and ends at `ends_at`; then the count begins at one. A row
names no chat: the conversation carries the hash as long as it exists.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import (
    ColumnElement,
    Executable,
    String,
    and_,
    bindparam,
    case,
    cast,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Session, aliased

from desk.conversations.models import ChatAllowance, ChatCounter, Conversation
from desk.conversations.rules import SPANS, CounterKind
from desk.identity import IdentityKey, IdentityKeys
from desk.storage.base import WriteSession
from desk.storage.deleting import delete_some
from desk.storage.encryption import named
from desk.storage.upsert import insert_into, table_of

counters, _chats, _allowed = table_of(ChatCounter), table_of(Conversation), table_of(ChatAllowance)

MARK = func.coalesce(_chats.c.limits_mark, literal("chat:", String) + cast(_chats.c.id, String))
"""The hash under which a conversation is counted; a row of before the hash existed has its id until it next writes."""


LENGTH = 61
"""Signs of the hash: the name of its key, a dot, and the first 52 of 64 digits."""


def mark_of(*, channel: str, bot: str, chat: str, key: IdentityKey) -> str:
    """The keyed hash under which a chat is counted, the same before and after it was erased."""
    return named(key.name, _unnamed(key, channel, bot, chat), length=LENGTH)


def marks_of_before(*, channel: str, bot: str, chat: str, keys: IdentityKeys) -> tuple[str, ...]:
    """The hashes under which the chat may have been counted before the key was changed; none where it never was.

    Before they bore the name of a key they were longer.
    """
    if not keys.older:
        return ()
    unnamed = [(key, _unnamed(key, channel, bot, chat)) for key in (keys.current, *keys.older)]
    return (*(named(key.name, mark, length=LENGTH) for key, mark in unnamed[1:]), *(mark for _key, mark in unnamed))


def _unnamed(key: IdentityKey, channel: str, bot: str, chat: str) -> str:
    return hmac.digest(key.key, f"erased chat:{channel}:{bot}:{chat}".encode(), "sha256").hex()


class ChatCount(NamedTuple):
    """A count of a series, and when the series ends."""

    times: int
    ends_at: datetime


class Counting(NamedTuple):
    """What a statement of `counting` counts; where `unless` is met, nothing is."""

    kind: CounterKind
    unless: ColumnElement[bool] | None = None


def counting(dialect: str, *what: Counting) -> Executable:
    """The statement that counts these kinds for the chat `of`, and returns kind, count and end of each.

    Its parameters are `of`, `now`, and for each kind the end of a series that begins now, as `ends_<kind>`.
    """
    new = insert_into(dialect, ChatCounter)
    rows = []
    for kind, unless in what:
        ends_at = bindparam(f"ends_{kind.value}", type_=counters.c.ends_at.type)
        is_counted = _chats.c.id == bindparam("of")
        rows.append(
            select(MARK.label("mark"), literal(kind, counters.c.kind.type), literal(1), ends_at).where(
                is_counted if unless is None else and_(is_counted, ~unless)
            )
        )
    is_over = counters.c.ends_at <= bindparam("now", type_=counters.c.ends_at.type)
    # The WHERE around the union: without one SQLite reads ON CONFLICT as part of a join.
    found = union_all(*rows).subquery("found") if len(rows) > 1 else None
    source = rows[0] if found is None else select(found).where(literal(1) == 1)
    return (
        new.from_select(["mark", "kind", "count", "ends_at"], source)
        .on_conflict_do_update(
            index_elements=["mark", "kind"],
            set_={
                "count": case((is_over, 1), else_=counters.c.count + 1),
                "ends_at": case((is_over, new.excluded.ends_at), else_=counters.c.ends_at),
            },
        )
        .returning(counters.c.kind, counters.c.count.label("times"), counters.c.ends_at)
    )


@lru_cache(maxsize=32)
def _count_one(dialect: str, kind: CounterKind) -> Executable:
    return counting(dialect, Counting(kind))


def note(session: WriteSession, *, conversation_id: int, kind: CounterKind, now: datetime) -> ChatCount | None:
    """Count one more for this chat; None = it was erased."""
    of = {"of": conversation_id, "now": now, f"ends_{kind.value}": now + SPANS[kind]}
    found = session.connection().execute(_count_one(session.get_bind().dialect.name, kind), of).first()
    return None if found is None else ChatCount(found.times, found.ends_at)


_OF_CHAT = (
    select(counters.c.count, counters.c.ends_at)
    .join_from(_chats, counters, counters.c.mark == MARK)
    .where(
        _chats.c.id == bindparam("of"),
        counters.c.kind == bindparam("kind", type_=counters.c.kind.type),
        counters.c.ends_at > bindparam("now", type_=counters.c.ends_at.type),
    )
)
_RUNNING = (
    select(literal(1))
    .join_from(_chats, counters, counters.c.mark == MARK)
    .where(_chats.c.id == bindparam("of"), counters.c.ends_at > bindparam("now", type_=counters.c.ends_at.type))
    .limit(1)
)
_FORGET_OVER = delete(counters).where(
    counters.c.mark == select(MARK).where(_chats.c.id == bindparam("of")).scalar_subquery(),
    counters.c.ends_at <= bindparam("now", type_=counters.c.ends_at.type),
)


def counted(session: Session, *, conversation_id: int, kind: CounterKind, now: datetime) -> ChatCount | None:
    """The present series of a chat; None = there is none, or it is over."""
    found = session.connection().execute(_OF_CHAT, {"of": conversation_id, "kind": kind, "now": now}).first()
    return None if found is None else ChatCount(*found)


def keep_running(session: WriteSession, *, conversation_id: int, now: datetime) -> bool:
    """Delete the counts of this chat whose series are over; returns whether others are left."""
    of = {"of": conversation_id, "now": now}
    session.connection().execute(_FORGET_OVER, of)
    return session.connection().execute(_RUNNING, of).first() is not None


_there = aliased(counters)
_SAME_THERE = exists().where(_there.c.mark == bindparam("mark"), _there.c.kind == counters.c.kind)
_ADOPT = update(counters).where(counters.c.mark == bindparam("was"), ~_SAME_THERE).values(mark=bindparam("mark"))
_allowed_there = aliased(_allowed)
_ALLOWED_THERE = exists().where(_allowed_there.c.mark == bindparam("mark"), _allowed_there.c.kind == _allowed.c.kind)
_ADOPT_ALLOWED = (
    update(_allowed).where(_allowed.c.mark == bindparam("was"), ~_ALLOWED_THERE).values(mark=bindparam("mark"))
)
_SET_MARK = update(_chats).where(_chats.c.id == bindparam("of")).values(limits_mark=bindparam("mark"))


def adopt(session: WriteSession, *, was: Iterable[str], mark: str) -> None:
    """What was counted and allowed under these hashes stands under this one from now on."""
    moved = [{"was": each, "mark": mark} for each in was]
    if moved:
        session.connection().execute(_ADOPT, moved)
        session.connection().execute(_ADOPT_ALLOWED, moved)


class NewMark(NamedTuple):
    """The hash under which a conversation is counted from now on, and the one before; None = it had none."""

    conversation_id: int
    was: str | None
    mark: str


def count_anew(session: WriteSession, chats: Sequence[NewMark]) -> None:
    """Count these chats under their new hashes; what was counted before is still counted."""
    if not chats:
        return
    connection = session.connection()
    moved = [{"was": each.was or f"chat:{each.conversation_id}", "mark": each.mark} for each in chats]
    connection.execute(_ADOPT, moved)
    connection.execute(_ADOPT_ALLOWED, moved)
    connection.execute(_SET_MARK, [{"of": each.conversation_id, "mark": each.mark} for each in chats])


@lru_cache(maxsize=2)
def _carry(dialect: str) -> Executable:
    new = insert_into(dialect, ChatCounter)
    now = bindparam("now", type_=counters.c.ends_at.type)
    held = select(
        select(MARK).where(_chats.c.id == bindparam("target")).scalar_subquery(),
        *counters.c["kind", "count", "ends_at"],
    ).where(counters.c.mark == select(MARK).where(_chats.c.id == bindparam("source")).scalar_subquery())
    is_over = counters.c.ends_at <= now
    return new.from_select(
        ["mark", "kind", "count", "ends_at"], held.where(counters.c.ends_at > now)
    ).on_conflict_do_update(
        index_elements=["mark", "kind"],
        set_={
            name: case(
                (or_(is_over, new.excluded[name] > counters.c[name]), new.excluded[name]), else_=counters.c[name]
            )
            for name in ("count", "ends_at")
        },
    )


def carry(session: WriteSession, *, source: int, target: int, now: datetime) -> None:
    """What the chat `source` has used up holds for another too, where that is the stricter: so nobody gets more by a
    second chat. The first keeps its counts."""
    asked = {"source": source, "target": target, "now": now}
    session.connection().execute(_carry(session.get_bind().dialect.name), asked)


def forget_counters(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete the counts of series that are over; returns their number."""
    return delete_some(session, counters, counters.c.ends_at <= now, limit=limit)
