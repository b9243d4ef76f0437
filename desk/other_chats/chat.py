"""What a chat may do about the other one of the same person: show a code, type one, cut the connection."""

from __future__ import annotations

from desk.conversations.chat import Chat
from desk.other_chats import actions, queries
from desk.other_chats.rows import NewCode, OtherChatRow


def other(chat: Chat) -> OtherChatRow | None:
    """The chat with which this one is connected."""
    return queries.other_of(chat.session, conversation_id=chat.conversation.id)


def make_code(chat: Chat) -> NewCode:
    """A code to be typed in the other chat. Raises HasOtherChat."""
    return actions.make_code(chat.writing, actor=chat.actor, now=chat.now)


def look_up(chat: Chat, digits: str) -> str | None:
    """The messenger of the chat that shows this code; it counts as a try."""
    return actions.look_up(chat.writing, actor=chat.actor, digits=digits, now=chat.now)


def connect(chat: Chat, digits: str) -> OtherChatRow:
    """Connect the two. Raises NobodyAsks, HasOtherChat."""
    return actions.connect(chat.writing, actor=chat.actor, digits=digits, now=chat.now)


def cut_what_never_begins(chat: Chat) -> bool:
    """Take a connection away that will never begin; False = there is none such."""
    return actions.cut_what_never_begins(chat.writing, actor=chat.actor, now=chat.now)


def cut(chat: Chat) -> bool:
    """Take the connection away; False = there was none."""
    return actions.cut(chat.writing, actor=chat.actor, now=chat.now)
