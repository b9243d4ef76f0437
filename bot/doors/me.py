"""The person's own conversation: language, consent, what is held of them, erasing it."""

from __future__ import annotations

from datetime import datetime

from bot.doors.writing import writable
from desk import erasure
from desk.conversations.rows import ConversationRow
from desk.language.text import Locale
from desk.storage.base import ReadSession, WriteSession


class Me:
    def __init__(
        self, session: WriteSession | ReadSession, conversation: ConversationRow, *, now: datetime, identity_key: bytes
    ) -> None:
        self._session = session
        self._now = now
        self._key = identity_key
        self.conversation_id = conversation.id
        self.channel = conversation.channel
        self.bot = conversation.bot
        self.locale = Locale(conversation.locale) if conversation.locale else None
        self.consented_at = conversation.consented_at
        self.is_erased = False
        """The conversation's row is gone; nothing of this turn may be stored."""

    @property
    def consented(self) -> bool:
        return self.consented_at is not None

    def choose_language(self, locale: Locale) -> None:
        self.locale = locale

    def consent(self) -> None:
        self.consented_at = self._now

    def held(self) -> erasure.Held:
        return erasure.what_is_held(self._session, conversation_id=self.conversation_id)

    def erase(self) -> bool:
        session = writable(self._session)
        self.is_erased = True
        return erasure.erase(session, conversation_id=self.conversation_id, key=self._key, now=self._now)
