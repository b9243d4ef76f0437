"""From a row of the outbox to words: notices, and the screen that could not be shown in its own exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.dialogue.engine import Engine
from bot.flows.tables import Compose
from bot.sending.delivery import Composed
from desk.clock import Clock
from desk.conversations import queries as conversations
from desk.conversations.chat import Chat
from desk.language.text import Locale
from desk.outbox.rows import Claimed
from desk.outbox.rules import NoticeKind
from desk.storage.base import ReadSession


class OfTheChat(NoticeKind):
    """What the chat itself is told."""

    SCREEN = "screen"
    """What this person should be seeing now."""


class UnknownNotice(Exception):
    """No conversation knows how to tell this notice: a fault of ours that staff see as undelivered."""


@dataclass(frozen=True, slots=True)
class Composer:
    """Composes at the moment of sending: a reminder of an appointment that was moved tells the new time or nothing."""

    engine: Engine
    notices: Mapping[str, Compose]
    clock: Clock
    identity_key: bytes

    def __call__(self, session: ReadSession, message: Claimed) -> Composed | None:
        """The message in the reader's language; None where it is no longer true, or the chat was erased.

        Raises UnknownNotice.
        """
        conversation = conversations.find(session, channel=message.channel, bot=message.bot, chat=message.chat)
        if conversation is None:
            return None
        chat = Chat.of(session, conversation, now=self.clock.now(), identity_key=self.identity_key)
        locale = Locale.parse(conversation.locale)
        if message.notice == OfTheChat.SCREEN:
            exchange = self.engine.show(state=conversation.state, revision=conversation.revision, desk=chat)
            return Composed(tuple(exchange.says), locale)
        told = self.notices.get(message.notice)
        if told is None:
            raise UnknownNotice(message.notice)
        says = told(chat, message.params)
        return Composed(says, locale) if says else None
