"""Keeps the signs of a chat, what somebody found who looked at it, and the limits that somebody set for it.

No sign changes anything: only a person does, with a reason, and everything here can be taken back.
"""

from __future__ import annotations

from datetime import datetime
from random import SystemRandom

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from desk.acting import Actor, OutOfReach, Permission
from desk.appointments.models import Appointment
from desk.calendar import TEHRAN
from desk.conversations import allowing
from desk.conversations.models import Conversation
from desk.conversations.rules import AllowReason, LimitKind, hour_of
from desk.events import actions as events
from desk.offices.models import Office
from desk.offices.reach import offices_within
from desk.signs.counting import seen_of
from desk.signs.models import ChatWithSigns, Sign
from desk.signs.rows import SUBJECT
from desk.signs.rules import COUNTED, FoundSign, Judgement, signs
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_if_new, insert_or_update, table_of

ATTEMPTS = 20
_chance = SystemRandom()

_chats, _signs = table_of(ChatWithSigns), table_of(Sign)
_conversations, _appointments, _offices = table_of(Conversation), table_of(Appointment), table_of(Office)

# A chat that is being erased is waited for and not found then.
_LOCK = select(_conversations.c.id).where(_conversations.c.id == bindparam("of")).with_for_update()
_CHAT_OF = select(_chats.c.id).where(_chats.c.conversation_id == bindparam("of"))
_SIGNS_OF = select(_signs.c.kind, _signs.c.times, _signs.c.strength, _signs.c.since).where(
    _signs.c.chat_id == bindparam("chat")
)
_JUDGE = update(_signs).where(_signs.c.chat_id == bindparam("chat")).values(judged=_signs.c.strength)
_OLD = (
    select(_signs.c.chat_id)
    .where(_signs.c.seen_at < bindparam("before", type_=_signs.c.seen_at.type))
    .order_by(_signs.c.seen_at)
    .limit(bindparam("most"))
)


def examine(session: WriteSession, *, id: int, now: datetime) -> None:
    """Look through the conversation of this id and keep its signs; the number of a count that ends stays."""
    if session.execute(_LOCK, {"of": id}).first() is None:
        return
    found = signs(seen_of(session, conversation_id=id, now=now), zone=TEHRAN, now=now)
    chat_id = session.execute(_CHAT_OF, {"of": id}).scalar_one_or_none()
    if chat_id is None:
        if not found:
            return
        chat_id = _new_chat(session, conversation_id=id)
    before = {row.kind: FoundSign(*row) for row in session.execute(_SIGNS_OF, {"chat": chat_id})}
    gone = before.keys() - {sign.kind for sign in found} - set(COUNTED)
    if gone:
        session.execute(delete(_signs).where(_signs.c.chat_id == chat_id, _signs.c.kind.in_(sorted(gone))))
    for sign in found:
        _keep(session, sign, before=before.get(sign.kind), chat_id=chat_id, now=now)
    _forget_bare(session, chat_ids=[chat_id])


def _keep(session: WriteSession, sign: FoundSign, *, before: FoundSign | None, chat_id: int, now: datetime) -> None:
    times, strength, since = sign.times, int(sign.strength), sign.since
    if before is not None:
        since = min(since, before.since)
        if sign.kind in COUNTED:
            times, strength = max(times, before.times), max(strength, int(before.strength))
    session.execute(
        insert_or_update(session, Sign, unique=("chat_id", "kind"), updates=("times", "strength", "since", "seen_at")),
        {
            "chat_id": chat_id,
            "kind": sign.kind,
            "times": times,
            "strength": strength,
            "since": since,
            "seen_at": hour_of(now),
            "judged": 0,
        },
    )


def _new_chat(session: WriteSession, *, conversation_id: int) -> int:
    """Six digits for this chat that no other has."""
    new = insert_if_new(session, ChatWithSigns).returning(_chats.c.id)
    for _ in range(ATTEMPTS):
        drawn = _chance.randrange(100_000, 1_000_000)
        made = session.execute(new, {"id": drawn, "conversation_id": conversation_id}).scalar_one_or_none()
        if made is not None:
            return int(made)
    raise RuntimeError("no number is free for a chat with signs")


def note_looked_at(session: WriteSession, *, chat_id: int, judgement: Judgement, actor: Actor, now: datetime) -> None:
    """Keep that somebody looked and found nothing wrong; the chat is listed again when a sign is new or stronger.

    Raises OutOfReach.
    """
    _conversation_id, province = _require_within(session, chat_id=chat_id, actor=actor)
    session.execute(_JUDGE, {"chat": chat_id})
    session.execute(
        update(_chats)
        .where(_chats.c.id == chat_id)
        .values(looked_at=now, looked_by=actor.staff_id, judgement=judgement)
    )
    events.note(
        session,
        actor=actor,
        kind="signs.looked_at",
        subject=f"{SUBJECT}{chat_id}",
        province_code=province,
        new={"judgement": judgement},
        is_told=False,
        now=now,
    )


def set_limit(
    session: WriteSession,
    *,
    chat_id: int,
    kind: LimitKind,
    most: int,
    reason: AllowReason,
    actor: Actor,
    now: datetime,
) -> datetime:
    """Set one limit of the chat, higher or lower than usual, until the returned moment.

    The lowest is one: nobody is shut out. Raises OutOfReach, ValueError where `most` is out of bounds.
    """
    conversation_id, province = _require_within(session, chat_id=chat_id, actor=actor)
    before = allowing.raised(session, conversation_id=conversation_id, now=now).get(kind)
    until = allowing.allow(session, conversation_id=conversation_id, kind=kind, most=most, reason=reason, now=now)
    events.note(
        session,
        actor=actor,
        kind="signs.limit",
        subject=f"{SUBJECT}{chat_id}",
        province_code=province,
        old={"most": before[0]} if before is not None else None,
        new={"most": most, "limit": kind, "allowed": reason},
        is_told=False,
        now=now,
    )
    return until


def as_usual(session: WriteSession, *, chat_id: int, kind: LimitKind, actor: Actor, now: datetime) -> None:
    """Let the usual limit hold again for the chat. Raises OutOfReach."""
    conversation_id, province = _require_within(session, chat_id=chat_id, actor=actor)
    if kind not in allowing.raised(session, conversation_id=conversation_id, now=now):
        return
    allowing.as_usual(session, conversation_id=conversation_id, kind=kind)
    events.note(
        session,
        actor=actor,
        kind="signs.as_usual",
        subject=f"{SUBJECT}{chat_id}",
        province_code=province,
        data={"limit": kind},
        is_told=False,
        now=now,
    )


def _require_within(session: Session, *, chat_id: int, actor: Actor) -> tuple[int, str | None]:
    """The conversation of the chat, and the province of the actor that it is a matter of; None = of the country.

    Raises:
        OutOfReach: there is no such chat, or it has no appointment where the actor may look.
    """
    scope = actor.scope(Permission.SIGNS_REVIEW)
    conversation_id = session.scalar(select(_chats.c.conversation_id).where(_chats.c.id == chat_id))
    if conversation_id is None or not scope:
        raise OutOfReach(Permission.SIGNS_REVIEW)
    if scope.is_national:
        return conversation_id, None
    province = session.scalar(
        select(_offices.c.province_code)
        .join_from(_appointments, _offices, _offices.c.id == _appointments.c.office_id)
        .where(_appointments.c.conversation_id == conversation_id, offices_within(scope))
        .group_by(_offices.c.province_code)
        .order_by(func.count().desc())
        .limit(1)
    )
    if province is None:
        raise OutOfReach(Permission.SIGNS_REVIEW)
    return conversation_id, province


def with_old_signs(session: Session, *, before: datetime, limit: int) -> list[int]:
    """The chats of signs that were last seen before that moment."""
    return list(session.scalars(_OLD, {"before": before, "most": limit}))


def forget_signs(session: WriteSession, *, before: datetime, limit: int) -> int:
    """Delete signs that were last seen before that moment, and chats that have none left; returns their number."""
    old = with_old_signs(session, before=before, limit=limit)
    if old:
        session.execute(delete(_signs).where(_signs.c.chat_id.in_(set(old)), _signs.c.seen_at < before))
        _forget_bare(session, chat_ids=sorted(set(old)))
    return len(old)


def _forget_bare(session: WriteSession, *, chat_ids: list[int]) -> None:
    has_signs = select(_signs.c.chat_id).where(_signs.c.chat_id == _chats.c.id).exists()
    session.execute(delete(_chats).where(_chats.c.id.in_(chat_ids), ~has_signs))
