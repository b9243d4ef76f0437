"""What is held of people as it is stored: encrypted, each value with its row."""

from __future__ import annotations

from typing import Any

from desk.storage.encryption import Keys

LAST4 = "persons.last4_sealed"
NAME = "known_persons.name_sealed"
NICKNAME = "known_persons.nickname_sealed"


def stored_last4(keys: Keys, last4: str | None, *, id: int) -> bytes | None:
    """The last characters of a number, for the row of this person."""
    return None if last4 is None else keys.encrypt(last4, column=LAST4, row=id)


def read_last4(keys: Keys, stored: bytes | None, *, id: int | None) -> str | None:
    """The way back."""
    return None if stored is None or id is None else keys.decrypt(stored, column=LAST4, row=id)


def stored_names(keys: Keys, *, id: int, name: str, nickname: str) -> dict[str, Any]:
    """The columns of the names that a chat uses."""
    return {
        "name_sealed": keys.encrypt(name, column=NAME, row=id),
        "nickname_sealed": keys.encrypt(nickname, column=NICKNAME, row=id),
    }
