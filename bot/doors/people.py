"""The people a chat speaks for."""

from __future__ import annotations

from datetime import datetime

from bot.doors.writing import writable
from desk.people import actions, queries, rules
from desk.people.rows import KnownPersonRow
from desk.people.rules import DocumentKind, IdentityDigest
from desk.storage.base import ReadSession, WriteSession


class People:
    def __init__(
        self, session: WriteSession | ReadSession, *, conversation_id: int, now: datetime, identity_key: bytes
    ) -> None:
        self._session = session
        self._conversation_id = conversation_id
        self._now = now
        self._key = identity_key

    def known(self) -> list[KnownPersonRow]:
        return queries.known(self._session, conversation_id=self._conversation_id)

    def digest(self, number: str, kind: DocumentKind) -> IdentityDigest:
        """The keyed hash and last four characters; the number itself goes nowhere from here."""
        return rules.digest(number, kind=kind, key=self._key)

    def digest_without_paper(self, name: str) -> IdentityDigest:
        return rules.digest_without_paper(self._conversation_id, name, self._key)

    def remember(
        self, *, name: str, nickname: str | None, kind: DocumentKind, identity: IdentityDigest
    ) -> KnownPersonRow:
        return actions.remember(
            writable(self._session),
            conversation_id=self._conversation_id,
            name=name,
            nickname=nickname,
            document_kind=kind,
            identity=identity,
            now=self._now,
        )

    def rename(self, known_id: int, nickname: str) -> None:
        actions.rename(
            writable(self._session), conversation_id=self._conversation_id, known_id=known_id, nickname=nickname
        )

    def forget(self, known_id: int) -> None:
        actions.forget(writable(self._session), conversation_id=self._conversation_id, known_id=known_id, now=self._now)
