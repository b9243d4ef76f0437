"""Folding: brings typed letters, digits and invisible characters into one form, for storing and for comparing."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

# Left-to-right and right-to-left marks, embeddings, overrides, isolates, Arabic letter mark, byte order mark.
_BIDI_CONTROLS: Final = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_PERSIAN: Final = "۰۱۲۳۴۵۶۷۸۹"
_ZWNJ: Final = "\u200c"
_JOINERS: Final = f"{_ZWNJ}\u200d\u200b"

HIDDEN: Final = frozenset(
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u2800\u3164\uffa0\ufff9\ufffa\ufffb"
    "\U00016fe4\U0001d159"
    + "".join(map(chr, (*range(0x2060, 0x2066), *range(0x206A, 0x2070), *range(0x1D173, 0x1D17B))))
)
"""Characters that show nothing and that no word needs, though Unicode calls some of them letters: a name made of them
is empty.

ZWNJ is not among them (Persian is written with it), nor what shapes an emoji.
"""
MARKS_ON_A_LETTER: Final = 3
"""The most marks that a letter keeps; a pile of marks covers the lines around it."""

# Not tables for `str.translate`, which raises and catches an error for each character that is not in one.
_BIDI = re.compile(f"[{_BIDI_CONTROLS}]+")
_HIDDEN_OR_BIDI = re.compile(f"[{_BIDI_CONTROLS}{''.join(sorted(HIDDEN))}]+")


class _Digits(dict[int, str | int]):
    """A table for `str.translate` with the decimal digits of every script, filled as they are met."""

    def __init__(self, digits: str) -> None:
        super().__init__()
        self._digits = digits

    def __missing__(self, code: int) -> str | int:
        value = unicodedata.decimal(chr(code), None)
        self[code] = found = code if value is None else self._digits[int(value)]
        return found


_TO_ASCII = _Digits("0123456789")
_TO_PERSIAN = _Digits(_PERSIAN)

# What canonical decomposition does not separate; hamza, madda and vowel marks are removed with all marks.
_LETTERS: Final = {
    **dict.fromkeys("يىے", "ی"),
    **dict.fromkeys("كڪ", "ک"),
    **dict.fromkeys("ةۃہھە", "ه"),
    "ٱ": "ا",
    "\u0640": "",  # tatweel
    **dict.fromkeys("\u200c\u200b", " "),
    **dict.fromkeys("\u2212\u2043\ufe58\ufe63\uff0d", "-"),
}


class _Comparing(dict[int, str]):
    """A table for `str.translate` that folds a character of decomposed text, filled as they are met."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _compared(chr(code))
        return found


def _compared(sign: str) -> str:
    if sign in _LETTERS:
        return _LETTERS[sign]
    if sign in HIDDEN:
        return ""
    match unicodedata.category(sign):
        case "Mn" | "Me" | "Cf":
            return ""
        case "Pd":
            return "-"
        case "Nd":
            return str(unicodedata.decimal(sign))
    return sign


_COMPARING = _Comparing()
_SPACES = re.compile(r"\s+")
_LINE_SPACES = re.compile(r"[^\S\n]+")
_MANY_LINES = re.compile(r" ?\n ?(?:\n ?)+")
_WORDS = re.compile(r"[^\W_]+")

_ARABIC_KEYS = str.maketrans("يىك", "ییک")

_ALPHABET = "ءآاأإٱبپتټثجځچڅحخدډذرړزژږسشښصضطظعغفقکګگلمنڼوؤهةۀیئېۍ"
_RANK = {letter: chr(0x100 + place) for place, letter in enumerate(_ALPHABET)}
_RANK |= {"ي": _RANK["ی"], "ى": _RANK["ی"], "ك": _RANK["ک"]}
_RANK_TABLE = str.maketrans(_RANK)
_NOT_SORTED = dict.fromkeys((0x200C, 0x0640, *range(0x064B, 0x0656)))


def strip_bidi(text: str) -> str:
    """Return ``text`` without direction controls, which could reorder the text around it."""
    return _BIDI.sub("", text)


def ascii_digits(text: str) -> str:
    """Return ``text`` with the decimal digits of every script as ASCII digits."""
    return text if text.isascii() else text.translate(_TO_ASCII)


def persian_letters(text: str) -> str:
    """Return ``text`` with the letters of an Arabic keyboard that Persian writes otherwise as Persian ones."""
    return text.translate(_ARABIC_KEYS)


def persian_digits(text: str) -> str:
    """Return ``text`` with the decimal digits of every script as Persian digits."""
    return text.translate(_TO_PERSIAN)


def clean(text: str) -> str:
    """Return typed ``text`` for storing: NFC, without invisible characters, spaces tidied, letters kept.

    Direction and control characters and hidden letters go, and marks beyond the third on a letter. Line breaks stay, at
    most one empty line in a row. Idempotent.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = _HIDDEN_OR_BIDI.sub("", text)
    text = "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs"))
    text = "".join(_with_few_marks(unicodedata.normalize("NFC", text)))
    text = _MANY_LINES.sub("\n\n", _LINE_SPACES.sub(" ", text))
    return "\n".join(line.strip(f" {_JOINERS}") for line in text.split("\n")).strip()


def _with_few_marks(text: str) -> Iterator[str]:
    marks = 0
    for sign in text:
        marks = marks + 1 if unicodedata.category(sign) in ("Mn", "Me") else 0
        if marks <= MARKS_ON_A_LETTER:
            yield sign


def fold(text: str) -> str:
    """Return ``text`` for comparing and searching, never for storing or showing; idempotent.

    All forms of a letter become one (ي/ی, ك/ک, آ/ا, ة/ه, ئ/ی), digits of every script ASCII, Latin letters small, every
    hyphen "-". Tatweel, marks and invisible characters are removed; ZWNJ and every run of white space become one space.
    Never hash the result: this function may change (`desk.people.sealing`).
    """
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return _SPACES.sub(" ", text.translate(_COMPARING)).strip()


def folded_words(text: str) -> list[str]:
    """Return the folded words and numbers of ``text``."""
    return _WORDS.findall(fold(text))


def joined(text: str) -> str:
    """Return the folded letters and digits alone, the same for «گل‌آغا», «گل آغا» and «گلآغا»."""
    return "".join(folded_words(text))


def holds(text: str, wanted: str) -> bool:
    """Whether ``text`` holds every word of ``wanted``, after folding both."""
    there = joined(text)
    return all(word in there for word in folded_words(wanted))


def alphabet_key(text: str) -> str:
    """Return a sort key in the order of the Persian alphabet (پ after ب, ک and گ before ل, ی last)."""
    text = unicodedata.normalize("NFC", strip_bidi(text)).translate(_NOT_SORTED)
    return ascii_digits(text).casefold().translate(_RANK_TABLE)
