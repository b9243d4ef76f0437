"""Reading what people type: letters, digits and invisible marks brought to one form."""

import re
import unicodedata
from typing import Final

# Left-to-right and right-to-left marks, embeddings, overrides, isolates, Arabic letter mark, byte order mark.
_BIDI_CONTROLS: Final = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_PERSIAN: Final = "۰۱۲۳۴۵۶۷۸۹"
_ARABIC: Final = "٠١٢٣٤٥٦٧٨٩"
_ASCII: Final = "0123456789"
_ZWNJ: Final = "\u200c"

_STRIP_BIDI = dict.fromkeys(map(ord, _BIDI_CONTROLS))
_TO_ASCII = str.maketrans(_PERSIAN + _ARABIC, _ASCII * 2)
_TO_PERSIAN = str.maketrans(_ASCII + _ARABIC, _PERSIAN * 2)

# NFC joins some letter-and-hamza pairs into one sign and leaves others apart, so signs and loose hamzas both fold.
_LETTERS = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ئ": "ی",
        "ك": "ک",
        "ة": "ه",
        "ۀ": "ه",
        "ە": "ه",
        "أ": "ا",
        "إ": "ا",
        "ٱ": "ا",
        "ؤ": "و",
        "\u0640": None,  # tatweel
        "\u0653": None,  # loose madda
        "\u0654": None,  # loose hamza above
        "\u0655": None,  # loose hamza below
        "\u0670": None,  # dagger alef
        _ZWNJ: None,
        "\u200d": None,  # joiner
        "\u200b": None,  # zero-width space
        "\u00ad": None,  # soft hyphen
        **{chr(mark): None for mark in range(0x064B, 0x0653)},  # vowel marks
    }
)
_SPACES = re.compile(r"\s+")
_LINE_SPACES = re.compile(r"[^\S\n]+")
_MANY_LINES = re.compile(r" ?\n ?(?:\n ?)+")

_ALPHABET = "ءآاأإٱبپتټثجځچڅحخدډذرړزژږسشښصضطظعغفقکګگلمنڼوؤهةۀیئېۍ"
_RANK = {letter: chr(0x100 + place) for place, letter in enumerate(_ALPHABET)}
_RANK |= {"ي": _RANK["ی"], "ى": _RANK["ی"], "ك": _RANK["ک"]}
_RANK_TABLE = str.maketrans(_RANK)
_NOT_SORTED = dict.fromkeys((0x200C, 0x0640, *range(0x064B, 0x0656)))


def strip_bidi(text: str) -> str:
    """Return ``text`` without direction controls, which could turn the sense of what stands around it."""
    return text.translate(_STRIP_BIDI)


def ascii_digits(text: str) -> str:
    """Return ``text`` with Persian and Arabic digits as ASCII digits."""
    return text.translate(_TO_ASCII)


def persian_digits(text: str) -> str:
    """Return ``text`` with ASCII and Arabic digits as Persian digits."""
    return text.translate(_TO_PERSIAN)


def clean(text: str) -> str:
    """Return typed ``text`` as it is stored: NFC, no direction or control characters, spaces tidied, letters kept.

    Line breaks stay, at most one empty line in a row. Idempotent.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").translate(_STRIP_BIDI)
    text = "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs"))
    text = unicodedata.normalize("NFC", text)
    text = _MANY_LINES.sub("\n\n", _LINE_SPACES.sub(" ", text))
    return "\n".join(line.strip() for line in text.split("\n")).strip()


def fold(text: str) -> str:
    """Return ``text`` as it is compared and searched, never as it is stored or shown. Idempotent.

    Arabic and Persian forms of a letter become one, digits ASCII, Latin letters small; tatweel, vowel marks, ZWNJ and
    direction controls go; every run of white space becomes one space.
    """
    text = unicodedata.normalize("NFKC", text.translate(_STRIP_BIDI)).casefold()
    text = unicodedata.normalize("NFKC", text.translate(_TO_ASCII).translate(_LETTERS))
    return _SPACES.sub(" ", text.translate(_STRIP_BIDI).translate(_LETTERS)).strip()


def alphabet_key(text: str) -> str:
    """Return a sort key in the order of the Persian alphabet (پ after ب, ک and گ before ل, ی last)."""
    text = unicodedata.normalize("NFC", strip_bidi(text)).translate(_NOT_SORTED)
    return ascii_digits(text).casefold().translate(_RANK_TABLE)
