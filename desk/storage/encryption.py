"""Encrypts what a copy of the database must not tell, and marks it so that it is found again.

A stored value is: 4 bytes that name the key, 12 random bytes, then the text by AES-256-GCM with its proof of 16 bytes.
It is authenticated with its column and the id of its row, so that a value moved to another row or column is refused.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NAME = 4
NONCE = 12
PROOF = 16
OVERHEAD = NAME + NONCE + PROOF
"""Bytes by which a stored value is longer than its text in UTF-8."""
MARK = 32
"""Letters of a mark, of 4 bits each."""
LONGEST_ID = 62
"""Bits of a random id: positive on both databases, and two that are alike do not happen."""


class UnreadableValue(Exception):
    """A stored value that none of the keys opens, or that stands in another row or column than it was written for."""

    def __init__(self, column: str, row: int) -> None:
        super().__init__(f"{column} of row {row} cannot be decrypted with the keys of this installation")
        self.column = column
        self.row = row


class FindingKey(NamedTuple):
    """What is left of a key that was forgotten: with it marks are found, and nothing is decrypted."""

    name: str
    """8 hex digits, as of the whole key."""
    marking: bytes

    @classmethod
    def of(cls, key: bytes) -> FindingKey:
        """The part of a whole key."""
        return cls(_part(key, "name")[:NAME].hex(), _part(key, "mark"))


class Keys:
    """Encrypts with the current key and decrypts with that and the older ones; each is of 32 bytes.

    `finding` are the parts that were kept of forgotten ones. What it holds is shown by no `repr`.
    """

    __slots__ = ("_by_name", "_marking", "_name", "_seal")

    def __init__(self, current: bytes, older: Sequence[bytes] = (), *, finding: Sequence[FindingKey] = ()) -> None:
        every = (current, *older)
        if any(len(key) != 32 for key in every):
            raise ValueError("A key has 32 bytes.")
        self._by_name = {_part(key, "name")[:NAME]: AESGCM(_part(key, "encrypt")) for key in reversed(every)}
        marking = dict(map(FindingKey.of, every))
        self._marking = tuple((marking | {each.name: each.marking for each in finding} | marking).items())
        self._name = _part(current, "name")[:NAME]
        self._seal = self._by_name[self._name]

    def encrypt(self, text: str, *, column: str, row: int) -> bytes:
        """What is stored for this text; another one each time. `column` is `table.column`, `row` the id of the row."""
        nonce = os.urandom(NONCE)
        return self._name + nonce + self._seal.encrypt(nonce, text.encode(), f"{column}:{row}".encode())

    def decrypt(self, stored: bytes, *, column: str, row: int) -> str:
        """The text of a stored value. Raises UnreadableValue."""
        key = self._by_name.get(bytes(stored[:NAME]))
        if key is None or len(stored) < OVERHEAD:
            raise UnreadableValue(column, row)
        try:
            told = key.decrypt(stored[NAME : NAME + NONCE], stored[NAME + NONCE :], f"{column}:{row}".encode())
        except InvalidTag:
            raise UnreadableValue(column, row) from None
        return told.decode()

    def seal(self, value: Any, *, column: str, row: int) -> bytes:
        """Encrypt a JSON value."""
        return self.encrypt(json.dumps(value, ensure_ascii=False, separators=(",", ":")), column=column, row=row)

    def open_sealed(self, stored: bytes, *, column: str, row: int) -> Any:
        """The JSON value of `seal`. Raises UnreadableValue."""
        return json.loads(self.decrypt(stored, column=column, row=row))

    @property
    def name(self) -> str:
        """The name of the current key, as each value carries it: 8 hex digits."""
        return self._name.hex()

    @property
    def names(self) -> frozenset[str]:
        """The names of the keys that decrypt, the older ones too."""
        return frozenset(name.hex() for name in self._by_name)

    @property
    def older(self) -> tuple[bytes, ...]:
        """The names of the older ones among these, as values begin with them."""
        return tuple(name for name in self._by_name if name != self._name)

    @property
    def finding_names(self) -> tuple[str, ...]:
        """The names of the keys by which marks are found, the current one first: also of those that were forgotten."""
        return tuple(name for name, _marking in self._marking)

    @staticmethod
    def name_in(stored: bytes) -> str:
        """The name of the key that a stored value was encrypted with."""
        return bytes(stored[:NAME]).hex()

    def is_current(self, stored: bytes) -> bool:
        """Whether the value was encrypted with the current key; one that was not is due to be written anew."""
        return bytes(stored[:NAME]) == self._name

    def reencrypted(self, stored: bytes, *, column: str, row: int) -> bytes:
        """The value under the current key; one that is has nothing done to it. Raises UnreadableValue."""
        if self.is_current(stored):
            return stored
        return self.encrypt(self.decrypt(stored, column=column, row=row), column=column, row=row)

    def mark(self, purpose: str, text: str) -> str:
        """A keyed hash by which an equal text is found; marks of two purposes tell nothing about each other."""
        return _mark(self._marking[0][1], purpose, text)

    def marks(self, purpose: str, text: str) -> tuple[str, ...]:
        """The mark by each key, the current one first: rows written before a change of the key have another."""
        return tuple(_mark(key, purpose, text) for _name, key in self._marking)

    def named_mark(self, purpose: str, text: str) -> str:
        """A mark that begins with the name of its key: for rows that cannot be marked anew, so that it can be told
        whether one is left under an older key."""
        return named(self._marking[0][0], self.mark(purpose, text), length=MARK)

    def named_marks(self, purpose: str, text: str) -> tuple[str, ...]:
        """The named mark by each key, the current one first; with older keys, also the marks from before they had
        names."""
        marks = self.marks(purpose, text)
        with_names = tuple(named(name, mark, length=MARK) for (name, _), mark in zip(self._marking, marks, strict=True))
        return with_names if len(marks) == 1 else (*with_names, *marks)


def named(name: str, mark: str, *, length: int) -> str:
    """A mark of at most so many signs that begins with the name of its key."""
    return f"{name}.{mark}"[:length]


def random_id() -> int:
    """The id of a new row: it tells nothing of when the row was written, nor of the rows beside it."""
    return 1 + secrets.randbits(LONGEST_ID)


def _part(key: bytes, purpose: str) -> bytes:
    return hmac.digest(key, f"storage:{purpose}".encode(), "sha256")


def _mark(key: bytes, purpose: str, text: str) -> str:
    return hmac.digest(key, f"{purpose}\0{text}".encode(), "sha256").hex()[:MARK]
