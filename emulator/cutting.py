"""How the apps of both messengers cut a text that is longer than one message may be."""

from typing import Final

LONGEST_MESSAGE: Final = 4096
"""Units of UTF-16."""
LOOKED_BACK: Final = 200
"""Letters before the limit in which a gap between words is looked for; without one the cut goes through a word."""


def cut(text: str) -> list[str]:
    """The messages a person's app sends for `text`; the gaps at which it cut are left out."""
    pieces: list[str] = []
    while _units(text) > LONGEST_MESSAGE:
        fits = LONGEST_MESSAGE
        while _units(text[:fits]) > LONGEST_MESSAGE:
            fits -= 1
        gap = max(text.rfind(sign, fits - LOOKED_BACK, fits) for sign in " \n")
        end = gap if gap > 0 else fits
        pieces.append(text[:end])
        text = text[end:].lstrip()
    return [*pieces, text]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
