"""Finds what a text to a person should not hold: a demand for copies or a bank card, and its number."""

from __future__ import annotations

import re
from enum import StrEnum

from desk.catalogue.rules import demands_a_copy
from desk.reading.folding import fold


class Concern(StrEnum):
    """Why a text is asked back."""

    COPIES = "copies"
    """It asks for a copy of a paper, which no office may demand."""
    CARD_NUMBER = "card_number"
    """It holds the number of a bank card or account, to which no office may be paid."""
    CARD_ASKED = "card_asked"
    """It asks for such a number, for a card's secret, or for a card-to-card payment."""


_BETWEEN = r"[ .,/_-]{0,3}"
_CARD = re.compile(rf"(?<!\d)(?:\d{_BETWEEN}){{15}}\d(?!{_BETWEEN}\d)")
_ACCOUNT = re.compile(rf"\bir{_BETWEEN}(?:\d{_BETWEEN}){{23}}\d")
_NOT_OF_A_BANK = "خوان|امایش|هویت|هوشمند|اقامت|شناسایی|ملی|سبز|تردد|سرشماری"
"""Words beside «card» that show it is not a bank card: a card reader, or a paper of the person."""
_ASKS_FOR_A_CARD = re.compile(
    r"\b(?:شماره|نمبر|نمره|نومره|ارقام|رقم)(?: (?:ی|ها|های|روی|اخر|\d+|رقمی|عابر|بانکی))* ?"
    rf"(?:کارت(?! ?(?:{_NOT_OF_A_BANK}))|حساب|شبا\b)"
    r"|\bکارت (?:به|بر) کارت|\bشبا(?:ی)?\b|\bرمز (?:دوم|پویا|کارت|عابر)|\bcvv|\biban\b"
    r"|\b(?:card|account) number|\bnumber of (?:your|the) (?:bank )?(?:card|account)|\bcard to card"
)
_ASKS_NOT = re.compile(
    r"نیست|\bنمی|\b(?:نباید|ندارد|ممنوع|خلاف|جرم|نده|نفرست|نگو|ننویس|نکن|نپرداز|نریز|نزن|نخواه|نگیر|نخواست)"
    r"|\b(?:not|no|never|nobody)\b|n[’']t\b"
)
_SENTENCE = re.compile(r"[.؛;!؟?\n]")


def concerns_of(text: str) -> frozenset[Concern]:
    """The concerns that `text` raises; digits of any script are read, with or without spaces."""
    folded = fold(text)
    found = set()
    if demands_a_copy(text):
        found.add(Concern.COPIES)
    if _CARD.search(folded) or _ACCOUNT.search(folded):
        found.add(Concern.CARD_NUMBER)
    # The whole sentence is looked at: a warning such as «never give anybody …» may stand before or after the words.
    elif any(_ASKS_FOR_A_CARD.search(each) and not _ASKS_NOT.search(each) for each in _SENTENCE.split(folded)):
        found.add(Concern.CARD_ASKED)
    return frozenset(found)
