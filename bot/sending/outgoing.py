"""Composes outbox messages: notices, and screens that could not be sent in their own exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.dialogue import phrases
from bot.dialogue.chat_state import ChatState
from bot.dialogue.engine import Engine
from bot.dialogue.says import Says
from bot.flows.other_chats.notices import instead
from bot.flows.tables import Compose
from bot.sending.delivery import Composed
from desk.clock import Clock
from desk.conversations import queries as conversations
from desk.conversations.actions import change_state
from desk.conversations.chat import Chat
from desk.conversations.rows import ConversationRow
from desk.identity import IdentityKeys
from desk.language.text import Locale
from desk.outbox.rows import Claimed
from desk.outbox.rules import NoticeKind
from desk.storage.base import ReadSession, WriteSession
from desk.storage.scrubbing import ERASED
from desk.values import LocalMoment


class OfTheChat(NoticeKind):
    """The messages about the chat itself."""

    SCREEN = "screen"
    """The present screen of the chat."""
    SLOWLY = "slowly"
    """From the moment it was written on, messages of the chat were not read."""


class UnknownNotice(Exception):
    """No composer exists for this notice: an error of ours that staff see as undelivered."""


@dataclass(frozen=True, slots=True)
class Composer:
    """Composes at the moment of sending, so that a reminder tells the present time or nothing."""

    engine: Engine
    notices: Mapping[str, Compose]
    clock: Clock
    identity_key: IdentityKeys
    emergency_number: str = ""
    """As in `Chat`."""
    pages: str = ""
    """As in `Chat`."""

    def __call__(self, session: ReadSession, message: Claimed) -> Composed | None:
        """The message in the reader's language; None where it is no longer true, or the chat was erased.

        Raises UnknownNotice.
        """
        conversation = conversations.by_id(session, conversation_id=message.conversation_id)
        if conversation is None:
            return None
        if message.instead_of is not None:
            return self._instead(session, message, of=message.instead_of, locale=Locale.parse(conversation.locale))
        chat = self._chat(session, conversation)
        locale = Locale.parse(conversation.locale)
        if message.notice == OfTheChat.SCREEN:
            exchange = self.engine.show(state=conversation.state, revision=conversation.revision, desk=chat)
            return Composed(tuple(exchange.says), locale)
        if message.notice == OfTheChat.SLOWLY:
            return Composed((Says(phrases.slowly(LocalMoment(message.created_at))),), locale)
        says = self._told(chat, message)
        return Composed(says, locale) if says else None

    def settle(self, session: WriteSession, conversation_id: int, says: Says) -> None:
        """This message has arrived. What the chat kept because it had not been sent is forgotten, so that the next
        answer, which somebody else may read, does not show it. Of a message of the desk it remembers what that was
        about, since what is written next is for the desk; of one that asks something, that it stands last."""

        def told(stored: dict[str, Any]) -> dict[str, Any]:
            state = ChatState.load(stored)
            if says.kept is not None and state.settle(*says.kept) and not state.holds(self.engine.private):
                state.private_since = ""
            if says.about:
                state.spoken_of, state.spoken_last = says.about, True
            if says.asks:
                state.was_asked(says.answers)
            return state.dump()

        if change_state(session, conversation_id=conversation_id, changed=told) and says.kept is not None:
            session.announce(ERASED)

    def _instead(self, session: ReadSession, message: Claimed, *, of: int, locale: Locale) -> Composed | None:
        """What the chat `of` could not be told, for the other chat of the person, in the language of that one."""
        owner = conversations.by_id(session, conversation_id=of)
        if owner is None:
            return None
        chat = self._chat(session, owner)
        says = self._told(chat, message)
        return Composed(instead(says, channel=owner.channel), locale) if says else None

    def _chat(self, session: ReadSession, conversation: ConversationRow) -> Chat:
        return Chat.of(
            session,
            conversation,
            now=self.clock.now(),
            identity_key=self.identity_key,
            emergency_number=self.emergency_number,
            pages=self.pages,
        )

    def _told(self, chat: Chat, message: Claimed) -> tuple[Says, ...] | None:
        told = self.notices.get(message.notice)
        if told is None:
            raise UnknownNotice(message.notice)
        return told(chat, message.params)
