"""What is written about leave as it is stored: encrypted, with the leave as its row."""

from __future__ import annotations

from desk.storage.encryption import Keys

REASON, WORD = "leaves.reason_sealed", "leaves.word_sealed"


def stored_reason(keys: Keys, reason: str, *, leave_id: int) -> bytes | None:
    """What is stored for the reason; nothing for none."""
    return keys.encrypt(reason, column=REASON, row=leave_id) if reason else None


def stored_word(keys: Keys, word: str, *, leave_id: int) -> bytes | None:
    """What is stored for the word of the manager; nothing for none."""
    return keys.encrypt(word, column=WORD, row=leave_id) if word else None


def read_reason(keys: Keys, stored: bytes | None, *, leave_id: int) -> str:
    """The way back; empty where nothing was said."""
    return "" if stored is None else keys.decrypt(stored, column=REASON, row=leave_id)


def read_word(keys: Keys, stored: bytes | None, *, leave_id: int) -> str:
    """The way back; empty where nothing was said."""
    return "" if stored is None else keys.decrypt(stored, column=WORD, row=leave_id)
