"""Whether another spelling of a name is only a slip in it."""

from __future__ import annotations

from typing import Final

from rapidfuzz.distance import Levenshtein

from desk.people.sealing import sealed_name

MOST_LETTERS: Final = 2
"""The letters that a slip adds, leaves out or has wrong; two that changed places are two."""


def letters_apart(before: str, after: str) -> int:
    """How many letters the names differ by; spaces, half spaces and the forms of a letter do not count."""
    return Levenshtein.distance(sealed_name(before), sealed_name(after))


def is_slip(before: str, after: str) -> bool:
    """Whether at most two letters differ, and most of the name stays: of a name of three letters two are another."""
    apart = letters_apart(before, after)
    return apart <= MOST_LETTERS and 2 * apart < len(sealed_name(before))
