"""Opens what a database holds encrypted, for tests that look at every column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk.storage.encryption import Keys

ROWS = {"appointments": "code", "visits": "appointment_id", "case_drafts": "case_id", "staff_totp": "staff_id"}
"""The columns that stand for the row of an encrypted value, where that is not the id."""

IN_CLEAR = {"staff_passkeys.public_key"}
"""Bytes that are no secret."""


def opened(keys: Keys, table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with everything in it decrypted."""
    return {
        name: keys.decrypt(value, column=f"{table}.{name}", row=int(row[ROWS.get(table, "id")]))
        if isinstance(value, bytes) and f"{table}.{name}" not in IN_CLEAR
        else value
        for name, value in row.items()
    }
