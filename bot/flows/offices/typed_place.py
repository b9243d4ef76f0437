"""Reads the place out of words about one: «province of Alborz», «I live in Karaj»."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from desk.language.lexicons import lexicons
from desk.reading.folding import folded_words

if TYPE_CHECKING:
    from desk.offices.rows import ProvinceRow


@cache
def _called_province() -> frozenset[str]:
    return frozenset(
        word for lexicon in lexicons() for word in folded_words(lexicon.get("places", {}).get("province", ""))
    )


def is_province(typed: str, provinces: Sequence[ProvinceRow]) -> ProvinceRow | None:
    """The province that is called one («province of Tehran»), and not a city of the same name."""
    words = folded_words(typed)
    bare = [word for word in words if word not in _called_province()]
    return _only([row for row in provinces if len(bare) < len(words) and bare in _names(row)])


def province_in(typed: str, provinces: Sequence[ProvinceRow]) -> ProvinceRow | None:
    """The only province whose name stands between the other words."""
    words = folded_words(typed)
    return _only([row for row in provinces if any(_holds(words, name) for name in _names(row))])


def _names(row: ProvinceRow) -> list[list[str]]:
    return [words for name in row.name.to_mapping().values() if (words := folded_words(name))]


def _holds(words: Sequence[str], name: Sequence[str]) -> bool:
    return any(list(words[place : place + len(name)]) == list(name) for place in range(len(words)))


def _only(found: Sequence[ProvinceRow]) -> ProvinceRow | None:
    return found[0] if len(found) == 1 else None
