"""What a chat may do with the people in its list."""

from __future__ import annotations

from desk.conversations.chat import Chat
from desk.people import actions, queries, rules
from desk.people.refusals import NumberOfBefore, TooManyDigests
from desk.people.rows import KnownPersonRow
from desk.people.rules import DocumentKind, IdentityDigest


def known(chat: Chat) -> list[KnownPersonRow]:
    """The people in this chat's list, the one used last first."""
    return queries.known(chat.session, conversation_id=chat.conversation.id)


def of_number(chat: Chat, identity: IdentityDigest) -> KnownPersonRow | None:
    """Who in this chat's list has this number; None = nobody."""
    return queries.of_number(chat.session, conversation_id=chat.conversation.id, identity_hash=identity.hash)


def digest(chat: Chat, number: str, kind: DocumentKind) -> IdentityDigest | None:
    """The hash and the last four characters of a number, which itself is not kept; None = too many of this chat.

    Somebody who is stored under an older key is stored under the present one from now on.

    Raises:
        DigestNeeded: the hash has not been made for this exchange.
    """
    return _made(chat, rules.marked(number, kind=kind, keys=chat.identity_key))


def digest_without_paper(chat: Chat, name: str) -> IdentityDigest:
    """The hash for somebody without a paper: of the name, within this chat.

    Raises:
        DigestNeeded: the hash has not been made for this exchange.
        TooManyDigests: too many were made for this chat.
    """
    identity = _made(chat, rules.marked_without_paper(chat.conversation.id, name, chat.identity_key))
    if identity is None:
        raise TooManyDigests
    return identity


def _made(chat: Chat, marked: rules.MarkedNumber) -> IdentityDigest | None:
    identity = marked.digest(chat.digests)
    if identity is not None and identity.older:
        actions.move_to_present_key(chat.writing, identity=identity)
    return identity


def require_room(chat: Chat) -> None:
    """Check that the chat may add one more person. Raises `TooManyNewPeople`."""
    actions.require_room(chat.session, conversation_id=chat.conversation.id, limits=chat.limits, now=chat.now)


def remember(
    chat: Chat, *, name: str, nickname: str | None, kind: DocumentKind, identity: IdentityDigest
) -> KnownPersonRow:
    """Add a person to this chat's list.

    Raises:
        NumberOfBefore: the number was typed before the key was changed.
        TooManyNewPeople: the chat has added as many as it may for now.
    """
    if not chat.identity_key.is_present(identity.hash):
        raise NumberOfBefore
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


def replace(chat: Chat, known_id: int, *, name: str, kind: DocumentKind, identity: IdentityDigest) -> KnownPersonRow:
    """Put this number in the place of the one that somebody in this chat's list had, under the nickname of before.

    Raises what `remember` raises.
    """
    before = next((row for row in known(chat) if row.id == known_id), None)
    nickname = before.nickname if before is not None and before.nickname != before.name else None
    row = remember(chat, name=name, nickname=nickname, kind=kind, identity=identity)
    if before is not None and before.id != row.id:
        actions.forget(chat.writing, actor=chat.actor, known_id=before.id, instead=row.person_id, now=chat.now)
    return row


def rename(chat: Chat, known_id: int, nickname: str) -> None:
    """Change a person's nickname. Raises `NotInYourList`."""
    actions.rename(chat.writing, actor=chat.actor, known_id=known_id, nickname=nickname)


def forget(chat: Chat, known_id: int) -> None:
    """Remove a person from the list. Raises `NotInYourList`."""
    actions.forget(chat.writing, actor=chat.actor, known_id=known_id, now=chat.now)
