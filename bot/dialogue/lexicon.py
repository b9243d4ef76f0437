"""The wishes of the lexicons, which all conversations share: reading them is dear."""

from __future__ import annotations

from functools import cache

from desk.language.lexicons import lexicons
from desk.reading.wishes import Wishes


@cache
def wishes() -> Wishes:
    """The words that people write, of both languages; read once."""
    return Wishes.of(lexicons())
