"""What a chat may read of the data held about it, and erase."""

from __future__ import annotations

from desk.conversations.chat import Chat
from desk.erasure import actions, queries
from desk.erasure.rows import Held


def held(chat: Chat) -> Held:
    """What the desk holds about this chat, as counts."""
    return queries.what_is_held(chat.session, conversation_id=chat.conversation.id)


def erase(chat: Chat, *, keeps_complaints: bool = False) -> bool:
    """Erase everything about this person but counts; the conversation is gone afterwards.

    With `keeps_complaints` open complaints go on, found by their codes only (`desk.cases.kept_nameless`).

    True = its counts stay until their limits are over, without a name (docs/decisions/0031-bounds-outlive-erasing.md).
    """
    session = chat.writing
    chat.me.is_erased = True
    return actions.erase(
        session, actor=chat.actor, rest=chat.limits.rest, keeps_complaints=keeps_complaints, now=chat.now
    )
