"""The people a chat speaks for."""

from __future__ import annotations

from desk.conversations.chat import Chat
from desk.people import actions, queries, rules
from desk.people.rows import KnownPersonRow
from desk.people.rules import DocumentKind, IdentityDigest


def known(chat: Chat) -> list[KnownPersonRow]:
    """Those whom this chat knows, the one used last first."""
    return queries.known(chat.session, conversation_id=chat.conversation.id)


def digest(chat: Chat, number: str, kind: DocumentKind) -> IdentityDigest:
    """The keyed hash and last four characters; the number itself goes nowhere from here."""
    return rules.digest(number, kind=kind, key=chat.identity_key)


def digest_without_paper(chat: Chat, name: str) -> IdentityDigest:
    """What stands for somebody who has no paper: the name, within this chat."""
    return rules.digest_without_paper(chat.conversation.id, name, chat.identity_key)


def remember(
    chat: Chat, *, name: str, nickname: str | None, kind: DocumentKind, identity: IdentityDigest
) -> KnownPersonRow:
    """Put somebody on the list of this chat."""
    return actions.remember(
        chat.writing,
        conversation_id=chat.conversation.id,
        name=name,
        nickname=nickname,
        document_kind=kind,
        identity=identity,
        now=chat.now,
    )


def rename(chat: Chat, known_id: int, nickname: str) -> None:
    """Call somebody on the list differently. Raises `NotInYourList`."""
    actions.rename(chat.writing, conversation_id=chat.conversation.id, known_id=known_id, nickname=nickname)


def forget(chat: Chat, known_id: int) -> None:
    """Take somebody off the list. Raises `NotInYourList`."""
    actions.forget(chat.writing, conversation_id=chat.conversation.id, known_id=known_id, now=chat.now)
