"""The hash that stands for the number of a paper: keyed, then stretched, with a version that says how.

A stored hash is `version.hex`, and the version is `stretch.key`, such as `a1.9f86d081.…`: how slow it was made, and
under which key. Numbers are short, so somebody with the database and the key can try them all: stretching makes each
try cost memory and time. It is never done inside a transaction. What needs a hash that is not there raises
`DigestNeeded`; the edge makes it (`desk.storage.digests`) and runs the transaction again with it.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

LEAST_MEMORY = 64 * 1024
"""KiB that a try has to cost."""
LEAST_PASSES = 3
LENGTH = 26
"""Bytes of a stretched hash: with its version it fills a column of 64 signs."""
WEAK = "w"
"""So begins the name of a stretch that is only for tests: what it makes never passes for a real hash."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The parameters of argon2id under a short name, which is part of each hash; a name never changes its meaning."""

    name: str
    memory: int
    """KiB."""
    passes: int

    def __post_init__(self) -> None:
        if len(self.name) != 2:
            raise ValueError("a stretch has a name of two signs: the column has room for no more")
        is_weak = self.memory < LEAST_MEMORY or self.passes < LEAST_PASSES
        if is_weak != self.name.startswith(WEAK):
            raise ValueError(f"{self.name}: a weak stretch is called so, and only a weak one")


@dataclass(slots=True)
class InUse:
    """How hashes are stretched now."""

    now: Stretch


# 64 MiB, and so many passes that it takes about 0.16 seconds of one core of a small server.
IN_USE = InUse(Stretch("a1", LEAST_MEMORY, LEAST_PASSES))
"""Tests put a weak one in its place; no setting of an installation does."""


class IdentityKey(NamedTuple):
    """A key for numbers, and the name of the secret that it comes from."""

    name: str
    key: bytes

    @property
    def version(self) -> str:
        """The version of hashes that are made with it now."""
        return f"{IN_USE.now.name}.{self.name}"


class Mark(NamedTuple):
    """The keyed hash of a number before it is stretched, and its version once it is."""

    version: str
    keyed: str


@dataclass(frozen=True, slots=True)
class IdentityKeys:
    """The present key, and those of before, under which people may still be stored."""

    current: IdentityKey
    older: Sequence[IdentityKey] = field(default=())

    def marks(self, sort: str, what: str) -> tuple[Mark, ...]:
        """By each key, the present one first."""
        return tuple(
            Mark(each.version, hmac.digest(each.key, f"{sort}:{what}".encode(), "sha256").hex())
            for each in (self.current, *self.older)
        )

    def is_present(self, stored: str) -> bool:
        """Whether a hash has the version that is made now."""
        return stored.startswith(f"{IN_USE.now.name}.{self.current.name}.")


@dataclass(frozen=True, slots=True)
class Digest:
    """The stretched hash of a number, and those that it had under older keys."""

    hash: str
    older: tuple[str, ...] = ()


class DigestNeeded(Exception):
    """A hash is needed that has not been made: it is made outside of the transaction, which then runs again."""

    def __init__(self, marks: tuple[Mark, ...]) -> None:
        super().__init__("the hash of a number has to be made first")
        self.marks = marks


class Digests:
    """The hashes that were made for this transaction; the first time there are none."""

    __slots__ = ("_made", "_too_many")

    def __init__(self, made: dict[tuple[Mark, ...], Digest] | None = None, *, too_many: bool = False) -> None:
        self._made = made or {}
        self._too_many = too_many

    def of(self, marks: tuple[Mark, ...]) -> Digest | None:
        """The hash of this number; None where too many were asked for, so that it was not made.

        Raises:
            DigestNeeded: it has not been made yet.
        """
        found = self._made.get(marks)
        if found is None and not self._too_many:
            raise DigestNeeded(marks)
        return found


NONE_MADE = Digests()


def version_of(stored: str) -> str:
    """The version of a stored hash; empty for one from before they were stretched."""
    return stored.rpartition(".")[0]


def stretched(mark: Mark) -> str:
    """Stretch a keyed hash: slow by intent, so never in an event loop or a transaction. It frees the interpreter."""
    from argon2.low_level import Type, hash_secret_raw

    by = IN_USE.now
    raw = hash_secret_raw(
        secret=mark.keyed.encode(),
        salt=sha256(f"mizban identity {mark.version}".encode()).digest()[:16],
        time_cost=by.passes,
        memory_cost=by.memory,
        parallelism=1,
        hash_len=LENGTH,
        type=Type.ID,
    )
    return f"{mark.version}.{raw.hex()}"
