"""The clerk's note on a visit as it is stored: encrypted, with the appointment as its row."""

from __future__ import annotations

from desk.storage.encryption import Keys

NOTE = "visits.note_sealed"


def stored_note(keys: Keys, note: str | None, *, appointment_id: int) -> bytes | None:
    """What is stored for the note; nothing for none."""
    return keys.encrypt(note, column=NOTE, row=appointment_id) if note else None


def read_note(keys: Keys, stored: bytes | None, *, appointment_id: int) -> str | None:
    """The way back."""
    return None if stored is None else keys.decrypt(stored, column=NOTE, row=appointment_id)
