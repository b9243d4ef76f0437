"""The word that the person of a chat chose: choosing it, removing it, and whether there is one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, exists, select
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.conversations.actions import require_chat
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_or_update, table_of
from desk.transfers.models import ChatWord, Transfer
from desk.transfers.rows import Proof
from desk.transfers.rules import TransferState

_words, _transfers = table_of(ChatWord), table_of(Transfer)
_HAS = select(_words.c.conversation_id).where(_words.c.conversation_id == bindparam("chat"))
_REMOVE = delete(_words).where(_words.c.conversation_id == bindparam("chat"))
_TOOK = exists().where(
    _transfers.c.target_id == bindparam("chat"),
    _transfers.c.state == TransferState.OPEN,
    _transfers.c.until > bindparam("now", type_=_transfers.c.until.type),
)
_USE = (
    delete(_words)
    .where(_words.c.conversation_id == bindparam("chat"), _words.c.word_hash == bindparam("word"), ~_TOOK)
    .returning(_words.c.conversation_id)
)


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


def use_word(session: WriteSession, *, proof: Proof, now: datetime) -> bool:
    """Delete the word that opened the chat; False = it has this one no more, or took over what can still be stopped."""
    asked = {"chat": proof.source, "word": proof.word_hash, "now": now}
    return session.connection().execute(_USE, asked).first() is not None
