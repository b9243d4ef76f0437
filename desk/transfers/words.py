"""The word that the person of a chat chose: choosing it, removing it, and whether there is one."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.conversations.actions import require_chat
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_or_update, table_of
from desk.transfers.models import ChatWord

_words = table_of(ChatWord)
_HAS = select(_words.c.conversation_id).where(_words.c.conversation_id == bindparam("chat"))
_REMOVE = delete(_words).where(_words.c.conversation_id == bindparam("chat"))


def has_word(session: Session, *, conversation_id: int) -> bool:
    """Whether a word was chosen in this chat."""
    return session.connection().execute(_HAS, {"chat": conversation_id}).first() is not None


def choose_word(session: WriteSession, *, actor: Actor, word_hash: str) -> None:
    """The word of this hash is the chat's from now on, in place of an earlier one."""
    session.execute(
        insert_or_update(session, ChatWord, unique=("conversation_id",), updates=("word_hash",)),
        {"conversation_id": require_chat(actor), "word_hash": word_hash},
    )


def remove_word(session: WriteSession, *, actor: Actor) -> None:
    """The chat has no word any more."""
    session.connection().execute(_REMOVE, {"chat": require_chat(actor)})
