"""Chats as tests look for them: by their address, and by what the engine remembers of them."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.dialogue.heard import Address
from desk.conversations.actions import open_conversation
from desk.conversations.addresses import STATE, mark_of_chat
from desk.conversations.models import Conversation
from desk.outbox.rules import Recipient
from desk.people.models import KnownPerson
from desk.people.stored import NAME
from desk.storage.base import WriteSession, keys_of
from tests.keys import KEYS
from tests.makers import NOW


def chat_of(at: Address) -> Select[int]:
    """The id of the conversation of this chat, as a query."""
    return select(Conversation.id).where(Conversation.chat_mark == mark_of(at))


@cache
def mark_of(at: Address) -> str:
    """The mark by which the chat is found."""
    return mark_of_chat(KEYS, channel=at.channel, bot=at.bot, chat=at.chat)


def recipient(session: WriteSession, channel: str, bot: str, chat: str) -> Recipient:
    """Where a message to this chat goes; the chat is opened if it is new."""
    return Recipient(channel, bot, open_conversation(session, channel=channel, bot=bot, chat=chat, now=NOW).id)


def state_of_chat(session: Session, chat: Conversation) -> dict[str, Any]:
    """What the engine remembers of it."""
    state: dict[str, Any] = keys_of(session).open_sealed(chat.state_sealed, column=STATE, row=chat.id)
    return state


def known_as(session: Session, chat: Conversation, name: str) -> KnownPerson:
    """The person in the list of this chat whose name is this."""
    rows = session.scalars(select(KnownPerson).where(KnownPerson.conversation_id == chat.id))
    (found,) = [each for each in rows if KEYS.decrypt(each.name_sealed, column=NAME, row=each.id) == name]
    return found
