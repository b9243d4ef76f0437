"""The cheapest stretch of the hash of numbers, in place of the real one, and hashes made with it at once.

Its name begins as no real one does, so what it makes never passes for a real hash. No setting leads to it.
"""

from __future__ import annotations

from desk import identity
from desk.identity import Digest, DigestNeeded, Digests, IdentityKey, IdentityKeys, Mark, Stretch
from desk.people import rules
from desk.people.rules import DocumentKind, IdentityDigest

CHEAPEST = Stretch("w1", memory=8, passes=1)


def use() -> None:
    """Stretch so in this process, and in those that are forked from it."""
    identity.IN_USE.now = CHEAPEST


def keys(current: bytes, *older: bytes) -> IdentityKeys:
    """The keys of a test; each has a name that follows from it."""
    return IdentityKeys(_key(current), tuple(map(_key, older)))


def _key(key: bytes) -> IdentityKey:
    return IdentityKey(key.hex()[-8:], key)


def digests(marks: tuple[Mark, ...]) -> Digests:
    """What the pool would make of these."""
    made = [identity.stretched(mark) for mark in marks]
    return Digests({marks: Digest(made[0], tuple(made[1:]))})


def digest(number: str, *, kind: DocumentKind, key: IdentityKeys | bytes) -> IdentityDigest:
    """The digest of a number, here and now."""
    return _made(rules.marked(number, kind=kind, keys=keys(key) if isinstance(key, bytes) else key))


def digest_without_paper(conversation_id: int, name: str, key: IdentityKeys | bytes) -> IdentityDigest:
    """The digest of somebody without a paper, here and now."""
    return _made(rules.marked_without_paper(conversation_id, name, keys(key) if isinstance(key, bytes) else key))


def _made(marked: rules.MarkedNumber) -> IdentityDigest:
    try:
        found = marked.digest(identity.NONE_MADE)
    except DigestNeeded as needed:
        found = marked.digest(digests(needed.marks))
    assert found is not None
    return found
