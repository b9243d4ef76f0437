"""The words of free text as lexicons compare them: folded, their parts together, Latin letters as they sound."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from desk.reading.folding import folded_words

LONGEST_FORGIVEN: Final = 3
"""Words of up to so many letters have to be right: a wrong letter makes another word of them."""

_PREFIXES: Final = frozenset({"می", "نمی", "بی", "نا"})
_SUFFIXES: Final = frozenset(
    {"ها", "های", "هایی", "هایم", "هایت", "هایش", "هام", "ام", "ات", "اش", "ای", "تر", "ترین"}
    | {"مان", "تان", "شان", "ایم", "اید", "اند", "م", "ت", "ش"}
)
_WHAT: Final = frozenset({"چه", "چی"})
_OF_WHAT: Final = frozenset({"وقت", "وخت", "طور", "جور", "رقم", "قسم", "قدر", "کار", "گونه"})
"""Words that make one question with «what»: «چه وقت» asks when, and is no wish for a time."""
_AFTER_TOMORROW: Final = frozenset({"فردا", "صبا"})
"""Words that mean the day after tomorrow behind «پس», which alone gives something back or puts it off."""
_LENGTHENED: Final = re.compile(r"(.)\1{2,}")
_DOUBLED: Final = re.compile(r"(.)\1")
_SOUNDS: Final = (("ou", "o"), ("u", "o"), ("gh", "q"), ("w", "v"), ("x", "kh"), ("y", "i"), ("e", "i"))


def words_of(typed: str) -> list[str]:
    """The words of a text, with the parts of a word together that people write apart («می خواهم», «نوبت ها»)."""
    return [word for word, _ending in together((word, "") for word in folded_words(typed))]


def together(parts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each word with what follows it, such as «*»."""
    words: list[tuple[str, str]] = []
    is_open = False
    for part, ending in parts:
        short = _LENGTHENED.sub(r"\1", part)
        before = words[-1][0] if words else ""
        if before in _WHAT and short in _OF_WHAT:
            words[-1] = (f"چی{short}", ending)
        elif before and (is_open or short in _SUFFIXES or (before == "پس" and short in _AFTER_TOMORROW)):
            words[-1] = (before + short, ending)
        else:
            words.append((_as_it_sounds(short), ending))
        is_open = short in _PREFIXES
    return words


def near_ones(word: str, known: Mapping[int, Sequence[str]], length: int) -> list[str]:
    """The known words of this length in which one letter is wrong, missing, too many, or two stand in the wrong order.

    They are compared in one call: it takes a thirtieth of comparing one after the other.
    """
    if length <= LONGEST_FORGIVEN or length not in known:
        return []
    found = process.extract(word, known[length], scorer=OSA.distance, score_cutoff=1, limit=None)
    return [each for each, _distance, _place in found]


def _as_it_sounds(word: str) -> str:
    """A word in Latin letters in one spelling: people write «nobat mekhaham», «noobat mikhaham»."""
    if not (word.isascii() and word.isalpha()):
        return word
    word = _DOUBLED.sub(r"\1", word)
    for spelt, sound in _SOUNDS:
        word = word.replace(spelt, sound)
    return _DOUBLED.sub(r"\1", word)
