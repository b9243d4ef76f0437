"""What the desk asks back before a text goes to a person: a demand for copies, the number of a bank card."""

from __future__ import annotations

import re
from enum import StrEnum

from desk.catalogue.rules import demands_a_copy
from desk.language.folding import fold


class Concern(StrEnum):
    """Why a text should be looked at once more."""

    COPIES = "copies"
    """It asks for a copy of a paper, which no office may do."""
    CARD_NUMBER = "card_number"
    """It holds the number of a bank card or account: nobody pays an office that way."""


_BETWEEN = r"[ .,/_-]{0,3}"
_CARD = re.compile(rf"(?<!\d)(?:\d{_BETWEEN}){{15}}\d(?!{_BETWEEN}\d)")
_ACCOUNT = re.compile(rf"\bir{_BETWEEN}(?:\d{_BETWEEN}){{23}}\d")


def concerns_of(text: str) -> frozenset[Concern]:
    """What stands in `text` that is asked back; digits of every script are read, with or without spaces."""
    folded = fold(text)
    found = set()
    if demands_a_copy(text):
        found.add(Concern.COPIES)
    if _CARD.search(folded) or _ACCOUNT.search(folded):
        found.add(Concern.CARD_NUMBER)
    return frozenset(found)
