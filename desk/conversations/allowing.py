"""Limits that staff set for one chat: setting one, ending it, and reading it where a place is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    and_,
    bindparam,
    delete,
    exists,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from desk.conversations.limits import MARK
from desk.conversations.models import ChatAllowance, Conversation
from desk.conversations.rules import ALLOWED_FOR, MOST_ALLOWED, AllowReason, ChatLimits, LimitKind
from desk.storage.base import WriteSession
from desk.storage.deleting import delete_some
from desk.storage.upsert import insert_into, insert_or_update, table_of

_allowed, _chats = table_of(ChatAllowance), table_of(Conversation)
_NOW = bindparam("now", type_=_allowed.c.ends_at.type)
_MARK_OF = select(MARK).where(_chats.c.id == bindparam("of"))
_HOLDS = and_(_allowed.c.ends_at > _NOW, _allowed.c.mark == _MARK_OF.scalar_subquery())
_ALLOWED = select(_allowed.c.most).where(_HOLDS, _allowed.c.kind == bindparam("kind", type_=_allowed.c.kind.type))
_EXPLAINED = (
    select(literal(1)).where(_HOLDS, _allowed.c.reason.in_((AllowReason.HOUSEHOLD, AllowReason.HELPER))).limit(1)
)
_AS_USUAL = delete(_allowed).where(
    _allowed.c.mark == _MARK_OF.scalar_subquery(), _allowed.c.kind == bindparam("kind", type_=_allowed.c.kind.type)
)
_ALL = select(_allowed.c.kind, _allowed.c.most, _allowed.c.ends_at).where(_HOLDS).order_by(_allowed.c.kind)


def most_of(kind: LimitKind, *, mark: ColumnElement[str]) -> ColumnElement[int]:
    """The limit of the chat with this hash, as a column: what staff allow it, else the parameter `most_<kind>`.

    Needs the parameter `now`.
    """
    raised = select(_allowed.c.most).where(
        _allowed.c.mark == mark, _allowed.c.kind == literal(kind, _allowed.c.kind.type), _allowed.c.ends_at > _NOW
    )
    return func.coalesce(raised.scalar_subquery(), bindparam(f"most_{kind.value}", type_=Integer))


@lru_cache(maxsize=16)
def usual(limits: ChatLimits) -> Mapping[str, int]:
    """The parameters of `most_of` for all kinds."""
    return {f"most_{kind.value}": limits.usual(kind) for kind in LimitKind}


def allowed(session: Session, *, conversation_id: int, kind: LimitKind, limits: ChatLimits, now: datetime) -> int:
    """The present limit of a chat."""
    asked: dict[str, Any] = {"of": conversation_id, "kind": kind, "now": now}
    raised = session.connection().execute(_ALLOWED, asked).scalar_one_or_none()
    return limits.usual(kind) if raised is None else raised


def raised(session: Session, *, conversation_id: int, now: datetime) -> dict[LimitKind, tuple[int, datetime]]:
    """The limits that staff raised for a chat, each with the moment at which it ends."""
    found = session.connection().execute(_ALL, {"of": conversation_id, "now": now})
    return {row.kind: (row.most, row.ends_at) for row in found}


def is_explained(session: Session, *, conversation_id: int, now: datetime) -> bool:
    """Whether the desk knows why more is done in this chat: it has raised a limit for a household or a helper."""
    return session.connection().execute(_EXPLAINED, {"of": conversation_id, "now": now}).first() is not None


def allow(
    session: WriteSession, *, conversation_id: int, kind: LimitKind, most: int, reason: AllowReason, now: datetime
) -> datetime:
    """Let another limit hold for a chat from now on, until the returned moment. The caller has asked who may.

    Raises LookupError where the chat was erased, ValueError where `most` is out of bounds.
    """
    if not 1 <= most <= MOST_ALLOWED:
        raise ValueError(f"a chat can be allowed from 1 to {MOST_ALLOWED}, not {most}")
    mark = session.connection().execute(_MARK_OF, {"of": conversation_id}).scalar_one_or_none()
    if mark is None:
        raise LookupError(f"no conversation {conversation_id}")
    session.connection().execute(
        insert_or_update(session, ChatAllowance, unique=("mark", "kind"), updates=("most", "reason", "ends_at")),
        {"mark": mark, "kind": kind, "most": most, "reason": reason, "ends_at": now + ALLOWED_FOR},
    )
    return now + ALLOWED_FOR


def as_usual(session: WriteSession, *, conversation_id: int, kind: LimitKind) -> None:
    """Let the usual limit hold again for this chat. The caller has asked who may."""
    session.connection().execute(_AS_USUAL, {"of": conversation_id, "kind": kind})


_there = aliased(_allowed)
_MARK_OF_TARGET = select(MARK).where(_chats.c.id == bindparam("target")).scalar_subquery()
_OF_SOURCE = _allowed.c.mark == select(MARK).where(_chats.c.id == bindparam("source")).scalar_subquery()
_CARRY = (
    update(_allowed)
    .where(
        _OF_SOURCE,
        _allowed.c.reason != AllowReason.SIGNS,
        ~exists().where(_there.c.mark == _MARK_OF_TARGET, _there.c.kind == _allowed.c.kind),
    )
    .values(mark=_MARK_OF_TARGET)
    .returning(_allowed.c.kind)
)
_GIVE_BACK = _CARRY.where(_allowed.c.kind.in_(bindparam("kinds", expanding=True)))


@lru_cache(maxsize=2)
def _carry_less(dialect: str) -> Executable:
    new = insert_into(dialect, ChatAllowance)
    less = select(_MARK_OF_TARGET, *_allowed.c["kind", "most", "reason", "ends_at"]).where(
        _OF_SOURCE, _allowed.c.reason == AllowReason.SIGNS
    )
    return new.from_select(["mark", "kind", "most", "reason", "ends_at"], less).on_conflict_do_update(
        index_elements=["mark", "kind"], set_={name: new.excluded[name] for name in ("most", "reason", "ends_at")}
    )


def carry(session: WriteSession, *, source: int, target: int) -> list[LimitKind]:
    """What staff allowed the chat `source` goes over to another, and holds in the first no more; the kinds of it.

    What it was allowed less because of signs holds in both.
    """
    asked = {"source": source, "target": target}
    session.connection().execute(_carry_less(session.get_bind().dialect.name), asked)
    return sorted(session.connection().execute(_CARRY, asked).scalars())


def give_back(session: WriteSession, *, source: int, target: int, kinds: Sequence[LimitKind]) -> None:
    """What went over by `carry` goes back, and nothing else: what the chat `source` was allowed less, or more, before
    is its own."""
    if kinds:
        session.connection().execute(_GIVE_BACK, {"source": source, "target": target, "kinds": list(kinds)})


def forget_allowances(session: WriteSession, *, now: datetime, limit: int) -> int:
    """Delete the raised limits that are over; returns their number."""
    return delete_some(session, _allowed, _allowed.c.ends_at <= now, limit=limit)
