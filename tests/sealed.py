"""Opens what a database holds encrypted, for tests that look at every column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk.rekeying.columns import ENCRYPTED, IN_CLEAR
from desk.storage.encryption import Keys

ROWS = {each.table: each.row for each in ENCRYPTED}
"""The columns that stand for the row of an encrypted value."""


def opened(keys: Keys, table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with everything in it decrypted."""
    return {
        name: keys.decrypt(value, column=f"{table}.{name}", row=int(row[ROWS.get(table, "id")]))
        if isinstance(value, bytes) and f"{table}.{name}" not in IN_CLEAR
        else value
        for name, value in row.items()
    }
