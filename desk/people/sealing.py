"""The form of a number or name that is hashed; it must never change, so it is separate from the folding for searches.

Any change gives other hashes: people would not be recognised and could book a second appointment. Nothing here is taken
from `desk.reading.folding`, which may change. A new form would need a second, versioned hash.
"""

from __future__ import annotations

import unicodedata
from typing import Final

_DIRECTIONS: Final = dict.fromkeys(
    map(ord, "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
)
_DIGITS: Final = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "0123456789" * 2)
_LETTERS: Final = str.maketrans(
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
        **dict.fromkeys("\u0640\u0653\u0654\u0655\u0670\u200c\u200d\u200b\u00ad"),
        **{chr(mark): None for mark in range(0x064B, 0x0653)},
    }
)


def sealed_number(typed: str) -> str:
    """The letters and digits of a number that are hashed: Latin digits, capital letters, nothing between."""
    return "".join(sign for sign in _folded(typed) if sign.isalnum()).upper()


def sealed_name(typed: str) -> str:
    """The letters of a name that are hashed, without dots, brackets and joiners."""
    return "".join(sign for sign in _folded(typed) if sign.isalpha())


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text.translate(_DIRECTIONS)).casefold()
    text = unicodedata.normalize("NFKC", text.translate(_DIGITS).translate(_LETTERS))
    return text.translate(_DIRECTIONS).translate(_LETTERS)
