"""The kinds of offices, and the words by which an office is found."""

from __future__ import annotations

from enum import StrEnum

from desk.language.text import Localised
from desk.reading.folding import fold, joined


class OfficeKind(StrEnum):
    """Who runs the counter: a pishkhan office, a Kefalat office, or a directorate's own service desk."""

    PISHKHAN = "pishkhan"
    KEFALAT = "kefalat"
    DIRECTORATE = "directorate"


LONGEST_SEARCH_WORDS = 600


def search_words(code: str, *texts: Localised | None) -> str:
    """The folded words an office is found by: its code with and without dashes, and all its texts, each once.

    Words joined by a ZWNJ («شاه‌عبدالعظیم») are there separately and as one. The words are stored: where this function
    or the folding changes, a migration has to rewrite them.
    """
    found: dict[str, None] = dict.fromkeys([fold(code), joined(code)])
    for text in texts:
        for wording in (text.to_mapping() if text else {}).values():
            for written in wording.split():
                apart = fold(written).split()
                found.update(dict.fromkeys([*apart, "".join(apart)]))
    return " ".join(found)[:LONGEST_SEARCH_WORDS]


def search_tokens(words: str) -> list[str]:
    """The folded tokens of typed `words` without punctuation; at most eight, so that a query stays small."""
    folded = "".join(sign if sign.isalnum() or sign == "-" else " " for sign in fold(words))
    return [token for token in folded.split() if token.strip("-")][:8]
