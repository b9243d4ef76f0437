"""Reads the arguments of lasting buttons and deep links, which anybody may have made up."""

from __future__ import annotations

LARGEST = 2**63 - 1
"""The largest integer of a database column."""


def id_in(text: str) -> int:
    """The id written in `text`; 0, which no row has, where it is none or beyond any id."""
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST))):
        return 0
    number = int(text)
    return number if number <= LARGEST else 0
