"""The words and codes of records as they are stored: encrypted, each with its row."""

from __future__ import annotations

from desk.storage.encryption import Keys

WHY = "service_records.why_sealed"
REFERENCE = "service_records.reference_sealed"
CODE = "inquiries.code_sealed"
WORDS = "broker_reports.words_sealed"


def sealed(keys: Keys, text: str | None, *, column: str, row: int) -> bytes | None:
    """What is stored for a text in one of these columns; nothing for none."""
    return keys.encrypt(text, column=column, row=row) if text else None


def opened(keys: Keys, stored: bytes | None, *, column: str, row: int) -> str | None:
    """The way back."""
    return None if stored is None else keys.decrypt(stored, column=column, row=row)
