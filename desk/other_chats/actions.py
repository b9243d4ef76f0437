"""The actions on connected chats: show a code, look whose it is, connect, begin once that was told, cut."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import bindparam, delete, or_, select, update

from desk.acting import Actor
from desk.conversations.actions import require_chat
from desk.conversations.models import Conversation
from desk.other_chats.models import OtherChat, OtherChatCode
from desk.other_chats.queries import id_of_other, other_of
from desk.other_chats.refusals import HasOtherChat, NobodyAsks
from desk.other_chats.rows import NewCode, OtherChatRow
from desk.other_chats.rules import OtherChatNotice, code_holds_until, works_from
from desk.outbox import instead
from desk.outbox.actions import enqueue
from desk.outbox.rules import Lane
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_many_if_new, insert_or_update, table_of
from desk.transfers.actions import address
from desk.transfers.counter import digits_by_chance
from desk.transfers.tries import had_enough, is_free

MARK = "other chat code"
"""The purpose of the mark of a code."""

_pairs, _codes, _chats = table_of(OtherChat), table_of(OtherChatCode), table_of(Conversation)
_IS_IT = (
    _codes.c.mark.in_(bindparam("marks", expanding=True)),
    _codes.c.expires_at > bindparam("now", type_=_codes.c.expires_at.type),
)
_WHOSE = (
    select(_codes.c.conversation_id, _chats.c.channel)
    .join(_chats, _chats.c.id == _codes.c.conversation_id)
    .where(*_IS_IT)
)
_TAKE = delete(_codes).where(*_IS_IT).returning(_codes.c.conversation_id)
_CODES_OF = delete(_codes).where(_codes.c.conversation_id.in_(bindparam("chats", expanding=True)))
_CUT = delete(_pairs).where(_pairs.c.conversation_id.in_(bindparam("chats", expanding=True)))
_BEGIN = (
    update(_pairs)
    .where(
        or_(_pairs.c.conversation_id == bindparam("told"), _pairs.c.other_id == bindparam("told")),
        _pairs.c.works_from.is_(None),
    )
    .values(works_from=bindparam("begins", type_=_pairs.c.works_from.type))
    .returning(_pairs.c.conversation_id)
)


def make_code(session: WriteSession, *, actor: Actor, now: datetime) -> NewCode:
    """A new code of the actor's chat, shown once; it takes the place of an earlier one. Raises HasOtherChat."""
    chat = require_chat(actor)
    if id_of_other(session, conversation_id=chat) is not None:
        raise HasOtherChat
    new = NewCode(digits_by_chance(), code_holds_until(now))
    session.execute(
        insert_or_update(session, OtherChatCode, unique=("conversation_id",), updates=("mark", "expires_at")),
        {"conversation_id": chat, "mark": session.keys.named_mark(MARK, new.digits), "expires_at": new.until},
    )
    return new


def look_up(session: WriteSession, *, actor: Actor, digits: str, now: datetime) -> str | None:
    """The messenger of the chat that shows this code; None = none does, it is the actor's own, or too many were tried.

    It counts as one of the tries of a transfer, whatever comes of it: who guesses here guesses there no more.
    """
    chat = require_chat(actor)
    free = is_free(session, actor=actor, now=now)
    found = session.connection().execute(_WHOSE, _asked(session, digits, now)).one_or_none()
    return found.channel if free and found is not None and found.conversation_id != chat else None


def connect(session: WriteSession, *, actor: Actor, digits: str, now: datetime) -> OtherChatRow:
    """Connect the actor's chat with the one that shows this code, which `look_up` has found.

    The code has served. Nothing goes over, and neither chat may do anything with what the other has. The other chat is
    told at once. When that has arrived, the day begins after which it works (`was_told`). One that nobody shows counts
    as a try, so that nothing is guessed here either.

    Raises:
        NobodyAsks: the code is over, or too many were tried. HasOtherChat: one of the two is connected already.
    """
    chat = require_chat(actor)
    taken = None
    if not had_enough(session, conversation_id=chat, now=now):
        taken = session.connection().execute(_TAKE, _asked(session, digits, now)).scalar_one_or_none()
    if taken is None or taken == chat:
        is_free(session, actor=actor, now=now)
        raise NobodyAsks
    # In one order, so that two at once do not wait for each other.
    rows = [{"conversation_id": one, "other_id": other} for one, other in sorted([(chat, taken), (taken, chat)])]
    with session.begin_nested():
        for row in rows:
            if not session.connection().execute(insert_many_if_new(session, OtherChat), row).rowcount:
                raise HasOtherChat
    session.connection().execute(_CODES_OF, {"chats": [chat, taken]})
    _tell(session, OtherChatNotice.MADE, chat=taken, due_at=now, now=now)
    return OtherChatRow(address(session, taken).channel, None)


def was_told(session: WriteSession, *, claimed_for: int, now: datetime) -> None:
    """The chat that showed the code was sent that it is connected: it works a day from now, and both are told then.

    Before that the connection could not be cut by somebody who never heard of it. What was told twice begins once.
    """
    begins = works_from(now)
    chats = session.connection().execute(_BEGIN, {"told": claimed_for, "begins": begins}).scalars().all()
    for each in sorted(chats):
        _tell(session, OtherChatNotice.WORKS, chat=each, due_at=begins, now=now)


def cut(session: WriteSession, *, actor: Actor, now: datetime) -> bool:
    """Take the connection of the actor's chat away; the other chat is told. False = there was none.

    What was on its way to the other instead of here, or here instead of there, goes where it belongs.
    """
    chat = require_chat(actor)
    other = id_of_other(session, conversation_id=chat)
    if other is None:
        return False
    session.connection().execute(_CUT, {"chats": [chat, other]})
    for told_in, owner in ((other, chat), (chat, other)):
        instead.give_back(session, told_in=told_in, to=address(session, owner), now=now)
    _tell(session, OtherChatNotice.CUT, chat=other, due_at=now, now=now)
    return True


def cut_what_never_begins(session: WriteSession, *, actor: Actor, now: datetime) -> bool:
    """Take the connection away of which the chat that showed the code can no longer be told, so that the two can be
    connected anew; False = there is none, or it begins after all.

    It is not let begin by itself when that chat is back: who holds it then may never have heard of it.
    """
    found = other_of(session, conversation_id=require_chat(actor))
    return found is not None and found.never_begins and cut(session, actor=actor, now=now)


def remove_code(session: WriteSession, *, actor: Actor) -> None:
    """Delete the code that the actor's chat shows."""
    session.connection().execute(_CODES_OF, {"chats": [require_chat(actor)]})


def _asked(session: WriteSession, digits: str, now: datetime) -> dict[str, object]:
    return {"marks": session.keys.named_marks(MARK, digits), "now": now}


def _tell(session: WriteSession, notice: OtherChatNotice, *, chat: int, due_at: datetime, now: datetime) -> None:
    enqueue(
        session,
        idem_key=f"{notice}:{secrets.token_hex(8)}",
        to=address(session, chat),
        notice=notice,
        params={},
        lane=Lane.BULK if notice is OtherChatNotice.WORKS else Lane.REPLY,
        due_at=due_at,
        now=now,
    )
