"""The seed of a draw, made of three parts that nobody holds together before its hour.

The system's part and the word of a second office-holder are announced as hashes before the first request. The third
part is a public figure that does not exist yet then, such as a closing index of the day. Somebody who knows one or two
parts cannot know the order while requests still come in (docs/decisions/0064-a-draw-that-anybody-recomputes.md).
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass

from desk.reading.folding import ascii_digits

SYSTEM_BYTES = 32
LEAST_WORD = 12
"""Letters of the word at least: a shorter one could be guessed from its hash."""


@dataclass(frozen=True, slots=True)
class SeedParts:
    """The three parts as they were revealed; `word` None = it was not revealed within its hour and is left out."""

    system: bytes
    word: str | None
    figure: str


def new_system_part() -> bytes:
    """A part of 32 random bytes."""
    return secrets.token_bytes(SYSTEM_BYTES)


def commitment(part: bytes) -> str:
    """The hash of a part, which is announced before the first request."""
    return hashlib.sha256(b"mizban draw part\n" + part).hexdigest()


def bytes_of_word(word: str) -> bytes:
    """The word as it is hashed: without spaces around it, composed (NFC), in UTF-8."""
    return unicodedata.normalize("NFC", word.strip()).encode()


def bytes_of_figure(figure: str) -> bytes:
    """The figure as it is hashed: its ASCII digits alone, so that nobody's way of writing it counts.

    Raises ValueError where it has no digit.
    """
    digits = "".join(sign for sign in ascii_digits(figure) if sign.isascii() and sign.isdecimal())
    if not digits:
        raise ValueError("a public figure has digits")
    return digits.encode()


def seed_of(parts: SeedParts) -> bytes:
    """The seed: a hash over the parts, each with its length, so that no two sets of parts give one text."""
    word = b"" if parts.word is None else bytes_of_word(parts.word)
    seed = hashlib.sha256(b"mizban draw seed\n")
    for part in (parts.system, word, bytes_of_figure(parts.figure)):
        seed.update(f"{len(part)}:".encode() + part + b"\n")
    return seed.digest()
