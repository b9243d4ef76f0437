"""The actions on conversations: hear an update once, open and save a conversation, count its limits; every message
runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from desk.acting import Actor, OutOfReach
from desk.conversations import limits
from desk.conversations.addresses import STATE, marks_of_chat, stored_address, stored_state
from desk.conversations.models import Conversation, HeardUpdate, UpdateOutcome
from desk.conversations.queries import BY_CHAT, conversation_row
from desk.conversations.rows import ConversationRow
from desk.conversations.rules import LONGEST_KEY, CounterKind, hour_of
from desk.identity import IdentityKey, IdentityKeys
from desk.storage.among import among
from desk.storage.base import WriteSession, keys_of
from desk.storage.deleting import delete_some
from desk.storage.encryption import random_id
from desk.storage.upsert import insert_many_if_new, table_of

_chats = table_of(Conversation)
_heard = table_of(HeardUpdate)

# A second exchange of the same chat, in another process, waits here until the first has committed. SQLite has one
# writer and ignores FOR UPDATE.
_BY_CHAT_LOCKED = BY_CHAT.with_for_update()
_LOCK = select(_chats.c.id).where(_chats.c.id == bindparam("id")).with_for_update()
NO_KEY = IdentityKeys(IdentityKey("00000000", b""))
"""For chats that are invented: nothing of theirs is counted."""
_LOCKED = "locked_chat"
"""Under this name a session keeps the id of the conversation that it has locked."""
_SAVE = (
    update(_chats)
    .where(_chats.c.id == bindparam("of"))
    .values(
        state_sealed=bindparam("state_sealed"),
        is_unfinished=bindparam("is_unfinished"),
        private_since=bindparam("private_since"),
        revision=bindparam("revision"),
        locale=bindparam("locale"),
        consented_at=bindparam("consented_at"),
        heard_at=bindparam("now"),
        reachable=True,
    )
)
_STATE_LOCKED = select(_chats.c.state_sealed).where(_chats.c.id == bindparam("id")).with_for_update()
_MARK_ANEW = update(_chats).where(_chats.c.id == bindparam("of")).values(chat_mark=bindparam("mark"))
_UNFINISHED = (
    select(_chats.c.id, _chats.c.state_sealed, _chats.c.revision)
    .where(_chats.c.heard_at < bindparam("before"), _chats.c.is_unfinished)
    .order_by(_chats.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_UNFINISHED_IDS = (
    select(_chats.c.id).where(_chats.c.heard_at < bindparam("before"), _chats.c.is_unfinished).limit(bindparam("most"))
)
_PRIVATE = (
    select(_chats.c.id, _chats.c.state_sealed, _chats.c.revision)
    .where(_chats.c.private_since <= bindparam("before"))
    .order_by(_chats.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


def require_chat(actor: Actor) -> int:
    """The id of the actor's conversation, for actions that only the person in the chat may do.

    Raises:
        OutOfReach: staff, the system, or somebody known only by a tracking code.
    """
    if actor.conversation_id is None:
        raise OutOfReach
    return actor.conversation_id


def lock_chat(session: WriteSession, *, conversation_id: int) -> None:
    """Let other transactions that lock this chat wait until this one ends, so that they count what it does.

    An exchange has locked its chat already. SQLite has one writer and needs no lock.
    """
    if session.info.get(_LOCKED) != conversation_id and session.get_bind().dialect.name != "sqlite":
        session.connection().execute(_LOCK, {"id": conversation_id})


def stored_key(update_id: str) -> str:
    """The key of an update as the column takes it: a hash of one that is too long or holds signs that nobody sees."""
    if len(update_id) <= LONGEST_KEY and update_id.isprintable():
        return update_id
    return f"#{blake2b(update_id.encode(errors='surrogatepass'), digest_size=24).hexdigest()}"


def note_update(
    session: WriteSession,
    *,
    channel: str,
    bot: str,
    update_id: str,
    outcome: UpdateOutcome = UpdateOutcome.HANDLED,
    reason: str | None = None,
    now: datetime,
) -> bool:
    """Record that this update was heard; False = it was heard before and must not be acted on again.

    `reason` (for a parked one) names fields and types only, never what was said.
    """
    result = session.connection().execute(
        insert_many_if_new(session, HeardUpdate, unique=("channel", "bot", "update_id")),
        {
            "channel": channel,
            "bot": bot,
            "update_id": stored_key(update_id),
            "heard_at": hour_of(now),
            "outcome": outcome,
            "reason": None if reason is None else reason[:200],
        },
    )
    return result.rowcount > 0


def open_conversation(
    session: WriteSession,
    *,
    channel: str,
    bot: str,
    chat: str,
    counting: IdentityKeys = NO_KEY,
    now: datetime,
) -> ConversationRow:
    """The conversation of this chat, created if it is new; locked until the transaction ends.

    It is counted under a hash by the key of `counting`, as before if it was erased or the key was changed meanwhile.
    """
    connection, keys = session.connection(), session.keys
    mark, *older = marks_of_chat(keys, channel=channel, bot=bot, chat=chat)
    where = {"channel": channel, "bot": bot, "mark": mark}
    row = connection.execute(_BY_CHAT_LOCKED, where).first()
    for before in older if row is None else ():  # the key was changed since this chat was heard last
        if found := connection.execute(_BY_CHAT_LOCKED, {**where, "mark": before}).first():
            connection.execute(_MARK_ANEW, {"of": found.id, "mark": mark})
            row = found
            break
    if row is None:
        id, counted = random_id(), limits.mark_of(channel=channel, bot=bot, chat=chat, key=counting.current)
        connection.execute(
            insert_many_if_new(session, Conversation, unique=("channel", "bot", "chat_mark")),
            {
                "id": id,
                **stored_address(keys, id=id, channel=channel, bot=bot, chat=chat),
                **stored_state(keys, {}, id=id),
                "limits_mark": counted,
                "created_at": hour_of(now),
                "heard_at": hour_of(now),
            },
        )
        before_this = limits.marks_of_before(channel=channel, bot=bot, chat=chat, keys=counting)
        limits.adopt(session, was=before_this, mark=counted)
        row = connection.execute(_BY_CHAT_LOCKED, where).one()
    conversation = conversation_row(keys, row, chat=chat)
    session.info[_LOCKED] = conversation.id
    if not (conversation.limits_mark or "").startswith(f"{counting.current.name}."):
        counted = limits.mark_of(channel=channel, bot=bot, chat=chat, key=counting.current)
        limits.count_anew(session, [limits.NewMark(conversation.id, conversation.limits_mark, counted)])
    return conversation


def add_conversation(
    session: Session,
    *,
    channel: str,
    bot: str,
    chat: str,
    locale: str | None = None,
    consented_at: datetime | None = None,
    state: dict[str, Any] | None = None,
    limits_mark: str | None = None,
    id: int | None = None,
    now: datetime,
) -> Conversation:
    """A conversation that begins in this state; for invented chats, since people's are opened by what they write."""
    keys, id = keys_of(session), id or random_id()
    conversation = Conversation(
        id=id,
        **stored_address(keys, id=id, channel=channel, bot=bot, chat=chat),
        **stored_state(keys, state or {}, id=id),
        locale=locale,
        consented_at=None if consented_at is None else hour_of(consented_at),
        limits_mark=limits_mark,
        created_at=hour_of(now),
        heard_at=hour_of(now),
    )
    session.add(conversation)
    session.flush()
    return conversation


def save(
    session: WriteSession,
    conversation: ConversationRow,
    *,
    state: dict[str, Any],
    revision: int,
    locale: str | None,
    consented_at: datetime | None,
    now: datetime,
) -> None:
    """Store the state of the conversation after an exchange; a chat that has written is reachable again."""
    session.connection().execute(
        _SAVE,
        {
            "of": conversation.id,
            **stored_state(session.keys, state, id=conversation.id),
            "revision": revision,
            "locale": locale,
            "consented_at": consented_at,
            "now": hour_of(now),
        },
    )


def unfinished(session: Session, *, before: datetime, limit: int) -> Sequence[int]:
    """The ids of chats that hold unfinished answers and were last heard before that moment."""
    return session.scalars(_UNFINISHED_IDS, {"before": before, "most": limit}).all()


def forget_answers(
    session: WriteSession, *, before: datetime, emptied: Callable[[dict[str, Any]], dict[str, Any]], limit: int
) -> int:
    """Delete the unfinished answers of chats that were last heard before that moment; returns the number of chats.

    `emptied` returns the state without them. The buttons in the chat are outdated from then on.
    """
    return _forget(session, session.execute(_UNFINISHED, {"before": before, "most": limit}), emptied=emptied)


def _forget(session: WriteSession, found: Iterable[Any], *, emptied: Callable[[dict[str, Any]], dict[str, Any]]) -> int:
    rows = list(found)
    for id, sealed, revision in rows:
        state = emptied(session.keys.open_sealed(sealed, column=STATE, row=id))
        values = stored_state(session.keys, state, id=id)
        session.execute(update(_chats).where(_chats.c.id == id).values(**values, revision=revision + 1))
    return len(rows)


def forget_private(
    session: WriteSession, *, before: datetime, emptied: Callable[[dict[str, Any]], dict[str, Any]], limit: int
) -> int:
    """Delete the answers of private flows that chats hold since that hour or longer; returns the number of chats."""
    return _forget(session, session.execute(_PRIVATE, {"before": hour_of(before), "most": limit}), emptied=emptied)


def change_state(
    session: WriteSession, *, conversation_id: int, changed: Callable[[dict[str, Any]], dict[str, Any]]
) -> bool:
    """Change what a chat keeps, outside of an exchange; its buttons go on working. False = nothing changed."""
    sealed = session.execute(_STATE_LOCKED, {"id": conversation_id}).scalar_one_or_none()
    if sealed is None:
        return False
    before = session.keys.open_sealed(sealed, column=STATE, row=conversation_id)
    state = changed(before)
    if state == before:
        return False
    values = stored_state(session.keys, state, id=conversation_id)
    session.execute(update(_chats).where(_chats.c.id == conversation_id).values(**values))
    return True


def note_code_miss(session: WriteSession, *, conversation_id: int, now: datetime) -> None:
    """Count a looked-up code that no case has; after the end of a series, the count begins at one."""
    limits.note(session, conversation_id=conversation_id, kind=CounterKind.UNKNOWN_CODES, now=now)


def note_unreachable(session: WriteSession, *, channel: str, bot: str, chat: str) -> None:
    """Record that the chat blocked the bot or is gone, until it writes again."""
    marks = marks_of_chat(session.keys, channel=channel, bot=bot, chat=chat)
    session.execute(
        update(_chats)
        .where(_chats.c.channel == channel, _chats.c.bot == bot, among(_chats.c.chat_mark, marks))
        .values(reachable=False)
    )


def forget_updates(session: WriteSession, *, before: datetime, limit: int) -> int:
    """Delete the records of updates heard before that moment; the messengers repeat none older than 24 hours."""
    return delete_some(session, _heard, _heard.c.heard_at < before, limit=limit)
