"""Reads the place out of words about one: «province of Alborz», «I live in Karaj», «Karaj»."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from bot.dialogue.lexicon import wishes
from desk.capacity import chat as capacity
from desk.language.lexicons import lexicons
from desk.language.text import Locale, Param
from desk.offices import chat as offices
from desk.reading.folding import folded_words
from desk.reading.latin import consonants, is_latin

if TYPE_CHECKING:
    from desk.conversations.chat import Chat
    from desk.language.text import Localised
    from desk.offices.rows import ProvinceRow


MOST_WORDS: Final = 8
"""A longer text only mentions a place."""
MOST_LOOKED_AT: Final = 20
"""So many offices that a word finds are looked at for their city."""


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A province or a city by its name."""

    name: Param
    stored: str
    """The code of the province, or the name of the city: `find_office.of_place` finds the offices there."""
    is_all: bool
    """The text names it and says nothing else."""


def place_in(chat: Chat, typed: str) -> NamedPlace | None:
    """The one place that a text names: a province that has an office, or a city; None = none, or several."""
    count = len(folded_words(typed))
    if not count or count > MOST_WORDS or any(sign.isdecimal() for sign in typed):
        return None
    provinces = offices.provinces(chat)
    province = is_province(typed, provinces)
    if province is None and (there := _city_with_an_office(chat, typed)) is not None:
        name = there.for_locale(Locale.FA)
        return NamedPlace(there, name, is_all=_is_all(typed, name))
    if province is None and (city := offices.city(chat, typed)) is not None:
        return NamedPlace(city.name, city.name, is_all=_is_all(typed, city.name))
    province = province or province_in(typed, provinces)
    if province is None:
        return None
    return NamedPlace(province.name, province.code, is_all=_is_all(typed, *province.name.to_mapping().values()))


def _city_with_an_office(chat: Chat, typed: str) -> Localised | None:
    """The city that is named whole between the words, and in which an office is."""
    for word in folded_words(wishes().named(typed)):
        if word in _called("province", "city"):
            continue
        for row in capacity.search_offices(chat, word, service_id=None, limit=MOST_LOOKED_AT):
            if any(_is_named(name, typed) for name in row.city.to_mapping().values()):
                return row.city
    return None


def _is_named(name: str, typed: str) -> bool:
    """Whether the words name it; in Latin letters («karaj») by its consonants."""
    if _holds(folded_words(typed), folded_words(name)):
        return True
    sounds = frozenset(consonants(typed)) if is_latin(typed) else frozenset()
    return bool(sounds) and sounds == frozenset(consonants(name))


def _is_all(typed: str, *names: str) -> bool:
    """Whether nothing is said beside a name but what a place is called, and words without a meaning of their own."""
    known = {word for name in names for word in folded_words(name)} | _called("province", "city")
    rest = [word for word in folded_words(typed) if word not in known]
    return is_latin(typed) or not rest or wishes().adds_nothing(" ".join(rest))


@cache
def _called(*sorts: str) -> frozenset[str]:
    """The words that stand beside the name of a province or a city."""
    said = (lexicon.get("places", {}).get(sort, "") for lexicon in lexicons() for sort in sorts)
    return frozenset(word for text in said for word in folded_words(text))


def is_province(typed: str, provinces: Sequence[ProvinceRow]) -> ProvinceRow | None:
    """The province that is called one («province of Tehran»), and not a city of the same name."""
    words = folded_words(typed)
    bare = [word for word in words if word not in _called("province")]
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
