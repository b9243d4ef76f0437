"""Where cities are in which there may be no office, so that the nearest one can be said."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from desk.reading.folding import folded_words
from desk.reading.latin import consonants, is_latin
from desk.values import GeoPoint


@dataclass(frozen=True, slots=True)
class City:
    """A city by its name, as people write it in both languages."""

    name: str
    point: GeoPoint


def city_meant(typed: str) -> City | None:
    """The city that is named by these words; in Latin letters («bushehr») by its consonants.

    Its name may stand between other words; None where no city is named, or several are.
    """
    words = folded_words(typed)
    if is_latin(typed):
        sounds = frozenset(consonants(typed))
        found = [city for city in _cities().values() if (own := consonants(city.name)) and sounds == frozenset(own)]
    else:
        pairs = [first + second for first, second in pairwise(words)]
        found = [city for written, city in _cities().items() if written in words or written in pairs]
    return found[0] if len(found) == 1 else None


@cache
def _cities() -> Mapping[str, City]:
    """The cities by their names as they are compared: folded, in one word."""
    data = tomllib.loads(Path(__file__).with_name("cities.toml").read_text("utf-8"))
    return {"".join(folded_words(name)): City(name, GeoPoint(*point)) for name, point in data.items()}
