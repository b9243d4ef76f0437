"""The name on an appointment as it is stored: encrypted, with the tracking code in place of the id of its row.

The id is given by the database when the row is inserted; the code is known before, and as unique.
"""

from __future__ import annotations

from desk.storage.encryption import Keys

NAME = "appointments.name_sealed"


def stored_name(keys: Keys, name: str | None, *, digits: str) -> bytes | None:
    """What is stored for the name of the appointment with this code; nothing for no name."""
    return keys.encrypt(name, column=NAME, row=int(digits)) if name else None


def read_name(keys: Keys, stored: bytes | None, *, digits: str) -> str | None:
    """The way back."""
    return None if stored is None else keys.decrypt(stored, column=NAME, row=int(digits))
