"""The keys of every database that the tests make."""

from __future__ import annotations

from desk.storage.encryption import Keys

KEY = b"the key of every test, 32 bytes."
KEYS = Keys(KEY)
