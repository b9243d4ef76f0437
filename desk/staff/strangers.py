"""Counts sign-in attempts with unknown names, so that from outside they behave like accounts."""

from __future__ import annotations

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from desk.staff.refusals import TooManyTries
from desk.staff.rules import lock_after, username_of

REMEMBERED = 20_000
MOST_NOTED = 60
"""Tries with unknown names that are written into the history within an hour: more would only fill it."""


@dataclass(slots=True)
class _Tries:
    failed: int = 0
    locked_until: datetime | None = None


class UnknownNames:
    """The failed attempts for each unknown or closed name, locked by the rule for accounts (`rules.lock_after`).

    Kept in memory, like the limit for each address: a row for every invented name would fill the database. It holds 20
    000 names (some megabytes) and then drops the one tried longest ago. From one address, which may try twenty times a
    minute, that takes sixteen hours, and the longest lock lasts half an hour. A restart drops all. Names are kept as
    hashes with a key of this process, because people type passwords into the wrong field. Not thread-safe: it belongs
    to the event loop.
    """

    def __init__(self, *, remembered: int = REMEMBERED) -> None:
        self._remembered = remembered
        self._key = secrets.token_bytes(32)
        self._tries: OrderedDict[bytes, _Tries] = OrderedDict()
        self._noted = 0
        self._noted_since: datetime | None = None

    def require_unlocked(self, username: str, *, now: datetime) -> None:
        """Check that a name is not locked, as `queries.credentials` does for an account.

        Raises:
            TooManyTries: it is locked for now.
        """
        tries = self._tries.get(self._hashed(username))
        if tries is not None and tries.locked_until is not None and tries.locked_until > now:
            raise TooManyTries(tries.locked_until)

    def note_wrong_password(self, username: str, *, now: datetime) -> None:
        """Count a try, as `tries.note_wrong_password` does for an account.

        Raises:
            TooManyTries: it was locked while the password was being checked.
        """
        self.require_unlocked(username, now=now)
        name = self._hashed(username)
        tries = self._tries.setdefault(name, _Tries())
        self._tries.move_to_end(name)
        tries.failed += 1
        lock = lock_after(tries.failed)
        if lock is not None:
            tries.locked_until = now + lock
        if len(self._tries) > self._remembered:
            self._tries.popitem(last=False)

    def is_noted(self, *, now: datetime) -> bool:
        """Whether one more try is written into the history; the answer counts."""
        if self._noted_since is None or now - self._noted_since >= timedelta(hours=1):
            self._noted, self._noted_since = 0, now
        self._noted += 1
        return self._noted <= MOST_NOTED

    def _hashed(self, username: str) -> bytes:
        return hashlib.blake2b(username_of(username).encode(), key=self._key, digest_size=16).digest()
