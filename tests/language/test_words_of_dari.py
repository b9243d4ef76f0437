"""No sentence of the chat reaches a reader of Dari with a word that is said otherwise there.

Dari lists only what differs, so a new sentence that nobody looked at comes in Persian; most are the same, some are not.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from desk.language.catalogues import po_path
from desk.language.shown import Locale
from scripts.messages.po_files import Key, by_key, read_catalogue

LOCALES = Path(__file__).parents[2] / "locales"
PERSIAN_ONLY = re.compile(
    r"بزنید|بفرست|فرستاد|(?<!\w)مدارک|مدرک|هزینه|تلفن|گذرنامه|خیابان|شماره|متوجه|الان|باجه|پیامک|بازگشت|دلال|کپی|مصرف"
    r"|پیشتر|نگاه داشت|نگاه دار|نگهداری|دوسیه|(?<!\w)وقت تازه|برگهٔ تازه|نوبت تازه"
)
"""What the chat says otherwise in Dari: فشار دهید، روان کنید، سند، فیس، تیلفون، پاسپورت، سرک، نمبر، فهمیدن، حالا، …"""
BESIDE = re.compile(r"\([^()]*\)")
"""The Iranian word in brackets behind the Dari one: it stands so on signs and receipts."""
TYPED = {("common", "back, previous")}
"""Lists of words that people may type, in either language."""


def shown() -> dict[Key, str]:
    """Every sentence of the chat as somebody with Dari reads it."""
    persian, dari = (by_key(read_catalogue(po_path(LOCALES, locale))) for locale in (Locale.FA, Locale.FA_AF))
    template = by_key(read_catalogue(LOCALES / "messages.pot"))
    chat = [
        key
        for key, message in template.items()
        if key not in TYPED and any(place.startswith(("bot/", "desk/language/")) for place, _line in message.locations)
    ]
    return {key: str((dari[key] if key in dari else persian[key]).string) for key in chat}


def test_no_word_comes_that_is_said_otherwise_in_dari() -> None:
    foreign = {key: text for key, text in shown().items() if PERSIAN_ONLY.search(BESIDE.sub("", text))}
    assert not foreign


@pytest.mark.parametrize("word", ["دکمه را بزنید", "شمارهٔ مدرک", "الان", "برگهٔ تازه", "مصرف"])
def test_such_words_are_seen(word: str) -> None:
    assert PERSIAN_ONLY.search(word)
