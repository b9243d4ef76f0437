"""Names in Latin letters: what «karaj» and the same name in Persian letters have in common, their consonants."""

from typing import Final

from desk.reading.words import words_of

_TWO_LETTERS: Final = (("kh", "x"), ("sh", "š"), ("ch", "č"), ("zh", "ž"), ("ph", "f"))
_LATIN_SAME: Final = str.maketrans({"c": "k", **dict.fromkeys("aehiouvwy")})
_PERSIAN: Final = str.maketrans(
    {
        **dict(zip("بپتجچخدرزژسشفقکگلمن", "bptjčxdrzžsšfqkglmn", strict=True)),
        **dict.fromkeys("ذضظ", "z"),
        **dict.fromkeys("صث", "s"),
        "ط": "t",
        "غ": "q",
        **dict.fromkeys("اوعءیحه"),
    }
)
FEWEST: Final = 2
"""So many consonants a name needs that is found by them."""


def is_latin(typed: str) -> bool:
    """Whether a text is written in Latin letters alone."""
    return typed.isascii() and any(map(str.isalpha, typed))


def consonants(text: str) -> list[str]:
    """The consonants of each word, the same for both scripts; words with too few are left out.

    «h» and «v» are left out: people write them, or not.
    """
    found: list[str] = []
    for word in words_of(text):
        sounds = word
        if is_latin(word):
            for two, one in _TWO_LETTERS:
                sounds = sounds.replace(two, one)
        sounds = sounds.translate(_LATIN_SAME if is_latin(word) else _PERSIAN)
        if len(sounds) >= FEWEST:
            found.append(sounds)
    return found
