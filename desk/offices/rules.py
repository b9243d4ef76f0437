"""The kinds of offices, who may change what decides about an office, and the words by which it is found."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from desk.language.text import Localised
from desk.organisation import NATION, Node
from desk.reading.folding import fold, joined


class OfficeKind(StrEnum):
    """Who runs the counter: a pishkhan office, a Kefalat office, or a directorate's own service desk."""

    PISHKHAN = "pishkhan"
    KEFALAT = "kefalat"
    DIRECTORATE = "directorate"


class Assistance(StrEnum):
    """What somebody may wish for at the counter, and of which an office says whether it has it."""

    WOMAN_CLERK = "woman_clerk"
    PASHTO = "pashto"
    """An interpreter for Pashto."""
    ARABIC = "arabic"
    """An interpreter for Arabic."""


FROM_ABOVE: Final = ("code", "kind", "province_code", "is_active")
"""The values of an office that are changed only from above it.

The kind and the province decide who handles a complaint about it; the code, and whether it is in use, decide whether a
complaint finds it.
"""


def decides_about(field: str, *, at: Node, old: object, new: object) -> Node:
    """The node at which `field` of the office `at` may be changed from `old` to `new`.

    It is above whom the value restricts. For most values that is the office. That an office is a desk of the
    directorate takes complaints about it away from its province: only the nation makes and unmakes one.
    """
    if field == "kind" and OfficeKind.DIRECTORATE in (old, new):
        return NATION
    return at.area


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
