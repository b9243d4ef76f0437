"""The chat for which something is read or done: the first parameter of all functions in every `chat.py`.

A `chat.py` lists what a chat may read and do in its subject; conversations can use nothing else of the desk. It never
finds what belongs to another person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from desk.acting import Actor, ActorKind
from desk.calendar import local_day_of
from desk.conversations.rows import ConversationRow
from desk.conversations.rules import USUAL, ChatLimits, hour_of
from desk.identity import NONE_MADE, Digests, IdentityKeys
from desk.language.text import Locale
from desk.storage.base import ReadSession, WriteSession
from desk.values import LocalDay


@dataclass(slots=True)
class Me:
    """What may change about the chat itself during an exchange; stored at its end."""

    conversation_id: int
    locale: Locale | None
    consented_at: datetime | None
    is_erased: bool = False
    """The conversation's row is deleted; nothing of this exchange may be stored."""

    @property
    def consented(self) -> bool:
        return self.consented_at is not None


@dataclass(frozen=True)
class Chat:
    """One conversation at one moment, in the open session of its exchange (or of a message that is being composed)."""

    session: WriteSession | ReadSession
    conversation: ConversationRow
    me: Me
    now: datetime
    identity_key: IdentityKeys
    """Keys the hash of identity numbers."""
    limits: ChatLimits = USUAL
    """How much the chat may do."""
    digests: Digests = NONE_MADE
    """The hashes of numbers that were made for this exchange."""
    emergency_number: str = ""
    """Whom somebody in danger can call, in digits; "" = nobody has verified a number, so none is told."""
    pages: str = ""
    """Where people reach the public pages, as `https://…`; "" = nowhere, so none is named."""

    @classmethod
    def of(
        cls,
        session: WriteSession | ReadSession,
        conversation: ConversationRow,
        *,
        now: datetime,
        identity_key: IdentityKeys,
        limits: ChatLimits = USUAL,
        digests: Digests = NONE_MADE,
        emergency_number: str = "",
        pages: str = "",
    ) -> Chat:
        """The chat of this conversation."""
        locale = Locale(conversation.locale) if conversation.locale else None
        me = Me(conversation.id, locale, conversation.consented_at)
        return cls(session, conversation, me, now, identity_key, limits, digests, emergency_number, pages)

    @cached_property
    def actor(self) -> Actor:
        """The chat as the actor of an action."""
        # Not by `Actor.chat`: that would be one more call in every exchange that writes.
        return Actor(ActorKind.CHAT, conversation_id=self.conversation.id)

    @cached_property
    def today(self) -> LocalDay:
        return local_day_of(self.now)

    @property
    def writing(self) -> WriteSession:
        """The session, if it may write; raises `TypeError` while a message is composed, which only reads."""
        if not isinstance(self.session, WriteSession):
            raise TypeError("This session was opened for looking only.")
        return self.session


def choose_language(chat: Chat, locale: Locale) -> None:
    """Use this language from now on."""
    chat.me.locale = locale


def consent(chat: Chat) -> None:
    """Record that the person has read what is kept about them, and continues."""
    chat.me.consented_at = hour_of(chat.now)
