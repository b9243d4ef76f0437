"""Passwords: which are too easy to guess, their argon2id hashes, and how long an issued one lives."""

from __future__ import annotations

import secrets
from base64 import b64encode
from datetime import timedelta
from enum import StrEnum
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from desk.reading.guessing import guesses

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 128
FEWEST_GUESSES = 10**9
"""Fewer tries than these find a password too easily; which kinds of characters it has does not matter."""
FEWEST_CHARACTERS = 5
"""A password has at least so many different characters."""
ISSUED_LIVES = timedelta(hours=24)
"""How long a password that somebody else set opens the account: it was spoken or written on its way."""

_hasher = PasswordHasher()


class PasswordFault(StrEnum):
    """The reasons why a new password is not accepted."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    LIKE_USERNAME = "like_username"
    TOO_PLAIN = "too_plain"
    """Mostly one character repeated."""
    WELL_KNOWN = "well_known"
    """Among the first that strangers try: a common password or name, a row of keys, or one of them with digits."""


def password_fault(password: str, *, username: str) -> PasswordFault | None:
    """The first reason why this may not be the password of `username`, or None when it may."""
    if len(password) < SHORTEST_PASSWORD:
        return PasswordFault.TOO_SHORT
    if len(password) > LONGEST_PASSWORD:
        return PasswordFault.TOO_LONG
    if username and username.casefold() in password.casefold():
        return PasswordFault.LIKE_USERNAME
    if len(set(password.casefold())) < FEWEST_CHARACTERS:
        return PasswordFault.TOO_PLAIN
    if guesses(password, knows=[username]) < FEWEST_GUESSES:
        return PasswordFault.WELL_KNOWN
    return None


def hash_password(password: str) -> str:
    """The argon2id hash to store; takes about 50 ms and 64 MiB on purpose."""
    return _hasher.hash(password)


def verify_password(password_hash: str, password: str) -> bool:
    """Whether the password is the right one; takes about 50 ms and 64 MiB, so pages call it in a bounded pool."""
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def decoy_hash() -> str:
    """A hash that no password fits; checking it takes as long as for an account.

    It is random bytes: computing one takes 50 ms.
    """
    salt, digest = (
        b64encode(secrets.token_bytes(length)).decode().rstrip("=") for length in (_hasher.salt_len, _hasher.hash_len)
    )
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"
