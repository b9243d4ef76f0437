"""What a chat may do with the people in its list."""

from __future__ import annotations

from desk.conversations.chat import Chat
from desk.people import actions, queries, rules
from desk.people.rows import KnownPersonRow
from desk.people.rules import DocumentKind, IdentityDigest


def known(chat: Chat) -> list[KnownPersonRow]:
    """The people in this chat's list, the one used last first."""
    return queries.known(chat.session, conversation_id=chat.conversation.id)


def digest(chat: Chat, number: str, kind: DocumentKind) -> IdentityDigest:
    """The keyed hash and the last four characters of a number; the number itself is not kept."""
    return rules.digest(number, kind=kind, key=chat.identity_key)


def digest_without_paper(chat: Chat, name: str) -> IdentityDigest:
    """The keyed hash for somebody without a paper: of the name, within this chat."""
    return rules.digest_without_paper(chat.conversation.id, name, chat.identity_key)


def require_room(chat: Chat) -> None:
    """Check that the chat may add one more person. Raises `TooManyNewPeople`."""
    actions.require_room(chat.session, conversation_id=chat.conversation.id, limits=chat.limits, now=chat.now)


def remember(
    chat: Chat, *, name: str, nickname: str | None, kind: DocumentKind, identity: IdentityDigest
) -> KnownPersonRow:
    """Add a person to this chat's list. Raises `TooManyNewPeople`."""
    return actions.remember(
        chat.writing,
        actor=chat.actor,
        name=name,
        nickname=nickname,
        document_kind=kind,
        identity=identity,
        limits=chat.limits,
        now=chat.now,
    )


def rename(chat: Chat, known_id: int, nickname: str) -> None:
    """Change a person's nickname. Raises `NotInYourList`."""
    actions.rename(chat.writing, actor=chat.actor, known_id=known_id, nickname=nickname)


def forget(chat: Chat, known_id: int) -> None:
    """Remove a person from the list. Raises `NotInYourList`."""
    actions.forget(chat.writing, actor=chat.actor, known_id=known_id, now=chat.now)
