"""What a chat may do about announcements: ask to be told, take that back, see for what it waits."""

from __future__ import annotations

from desk.announcements import actions, queries
from desk.announcements.rules import Announceable
from desk.catalogue.rows import ServiceRow
from desk.conversations.chat import Chat


def wanted(chat: Chat, service_id: int) -> tuple[Announceable, ...]:
    """What of this service this chat wants to be told; empty = it did not ask."""
    return queries.wanted(chat.session, conversation_id=chat.conversation.id, service_id=service_id)


def services(chat: Chat) -> list[ServiceRow]:
    """The services of which this chat wants to be told."""
    return queries.services(chat.session, conversation_id=chat.conversation.id)


def ask(chat: Chat, service_id: int) -> None:
    """Tell this chat once when what is unknown is announced. Raises NothingUnknown, TooManyWishes, LookupError."""
    actions.ask(chat.writing, actor=chat.actor, service_id=service_id, now=chat.now)


def take_back(chat: Chat, service_id: int) -> bool:
    """Tell this chat nothing of this service; False = it did not ask, or was told."""
    return actions.take_back(chat.writing, actor=chat.actor, service_id=service_id)
