"""How easily others guess a secret that somebody chose, by the lists of guessers and by what people here take."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from math import prod
from threading import Lock
from typing import Final

from desk.reading.folding import ascii_digits, fold

LONGEST_COMPARED: Final = 72
"""The most letters that are compared with the lists."""
MOST_SEARCHED: Final = 100_000
"""The most parts of a secret that are looked up, each way of reading its signs as letters counted: some 0.1 seconds."""
_OWN_WORDS = (
    *("mizban", "miz", "daftar", "pishkhan", "kefalat", "atba", "iran"),
    *("میزبان", "دفتر", "پیشخوان", "کفالت", "اتباع", "ایران", "افغانستان"),
)
"""Words of this place, also in the Latin letters in which they are typed as passwords."""
_SAID_OFTEN = (
    *("yaali", "yaali110", "yahossein", "yazahra", "emamreza", "khoda", "khodaya", "shokrat", "bismillah", "esteghlal"),
    *("perspolis", "tehran", "mashhad", "esfahan", "shiraz", "tabriz", "kerman", "kabul", "herat", "salam", "eshgham"),
    *("یاعلی", "یاحسین", "یازهرا", "امام", "رضا", "خدا", "خدایا", "شکرت", "بسم", "الله", "استقلال", "پرسپولیس"),
    *("تهران", "مشهد", "اصفهان", "شیراز", "تبریز", "کرمان", "کابل", "هرات", "سلام", "عشقم", "زندگی", "عزیزم"),
)
_NAMES = (
    *("ali", "reza", "alireza", "mohammad", "mohamad", "muhammad", "ahmad", "mahdi", "mehdi", "hossein", "hussain"),
    *("hassan", "hasan", "amir", "amirhossein", "amirali", "abbas", "javad", "saeed", "hamid", "majid", "mostafa"),
    *("navid", "farhad", "habib", "karim", "rahim", "ismail", "ebrahim", "yousef", "omid", "zahra", "fatemeh"),
    *("fatima", "maryam", "mariam", "zeinab", "narges", "leila", "sara", "mina", "parisa", "shirin", "gul", "golagha"),
    *("hosseini", "hossaini", "ahmadi", "mohammadi", "rezaei", "rezai", "karimi", "mousavi", "hashemi", "noori"),
    *("rahimi", "amiri", "jafari", "haidari", "heydari", "sadat", "azizi", "sharifi", "akbari", "qasemi", "yousefi"),
    *("علی", "علیرضا", "محمد", "احمد", "مهدی", "حسین", "حسن", "امیر", "امیرحسین", "امیرعلی", "عباس", "جواد"),
    *("سعید", "حمید", "مجید", "مصطفی", "نوید", "فرهاد", "حبیب", "کریم", "رحیم", "اسماعیل", "ابراهیم", "یوسف"),
    *("امید", "زهرا", "فاطمه", "مریم", "زینب", "نرگس", "لیلا", "سارا", "مینا", "پریسا", "شیرین", "گل", "گلآقا"),
    *("حسینی", "احمدی", "محمدی", "رضایی", "کریمی", "موسوی", "هاشمی", "نوری", "رحیمی", "امیری", "جعفری", "حیدری"),
    *("سادات", "عزیزی", "شریفی", "اکبری", "قاسمی", "یوسفی", "غلام", "محمدعلی", "محمدرضا", "عبدالله", "رحمت"),
)
"""The commonest first and family names of Iran and Afghanistan, without what stands between two of their letters."""
_KEYS = str.maketrans("ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدپو", "qwertyuiop[]asdfghjkl;'zxcvbnm,")
"""The Persian letters of a keyboard, with the Latin ones on the same keys."""
_YEAR_HERE = re.compile(r"(?<!\d)1[34]\d\d(?!\d)")
"""A year of the solar calendar, as people are born in or write in."""
_YEAR_THERE = "2019"
"""A year that the package knows as one."""
_one_at_a_time = Lock()
"""The package has one list of own words for all threads."""


def guesses(secret: str, *, knows: Iterable[str] = ()) -> float:
    """After about how many tries somebody finds it who begins with the common ones; `knows` = what they know besides.

    The package brings lists of 30 000 passwords, names and words by how common they are. They are Latin, so a secret is
    compared as it would come from the same keys of a Latin keyboard too. Forms of letters and digits make no
    difference. Only the beginning of a long one is judged, which costs little, and what follows makes nothing easier.
    """
    from zxcvbn import zxcvbn  # reading the lists takes a tenth of a second, and only a new secret needs them

    typed = ascii_digits(unicodedata.normalize("NFKC", secret[:LONGEST_COMPARED]))[:LONGEST_COMPARED]
    alike = {typed, fold(typed)[:LONGEST_COMPARED]}
    with_years = alike | {_YEAR_HERE.sub(_YEAR_THERE, each) for each in alike}
    ways = with_years | {each.translate(_KEYS) for each in with_years}
    words = [*knows, *_words_here()]
    with _one_at_a_time:
        try:
            return min(float(zxcvbn(_affordable(way), user_inputs=words)["guesses"]) for way in ways)
        finally:
            zxcvbn("-", user_inputs=[])  # the package keeps the words of the last call: names of somebody


def _affordable(way: str) -> str:
    """As much of the beginning as is searched soon.

    The package reads signs such as «4» and «@» as the letters that they look like, and searches the whole again for
    every choice among them: with all of them in it, for 20 seconds.
    """
    from zxcvbn.matching import L33T_TABLE

    length = len(way)
    while length and length**2 * _readings(way[:length], L33T_TABLE.values()) > MOST_SEARCHED:
        length -= 1
    return way[:length]


def _readings(secret: str, alike: Iterable[Iterable[str]]) -> int:
    """In how many ways the signs in it can be read; `alike` = for each letter the signs that look like it."""
    return prod(max(1, sum(sign in secret for sign in signs)) for signs in alike)


@cache
def _words_here() -> tuple[str, ...]:
    """These words, also as they come from Latin keys where somebody left the keyboard so."""
    words = (*_OWN_WORDS, *_SAID_OFTEN, *_NAMES)
    return (*words, *(typed for word in words if (typed := word.translate(_KEYS)) != word))
