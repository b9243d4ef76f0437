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
    r"بزنید|بفرست|فرستاد|(?<!\w)مدارک|مدرک|هزینه|تلفن|گذرنامه|خیابان|شماره|متوجه|الان|باجه|پیامک|بازگشت|دلال|کپی"
)
"""What the chat says otherwise in Dari: فشار دهید، روان کنید، سند، مصرف، تیلفون، پاسپورت، سرک، نمبر، فهمیدن، حالا، …"""
SPELLED = {Locale.FA: "گفت‌وگو", Locale.FA_AF: "گفتگو"}
"""What each language calls a chat. A word in two spellings looks like two things to somebody who reads slowly."""
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
    foreign = {key: text for key, text in shown().items() if PERSIAN_ONLY.search(text)}
    assert not foreign


@pytest.mark.parametrize("word", ["دکمه را بزنید", "شمارهٔ مدرک", "الان"])
def test_such_words_are_seen(word: str) -> None:
    assert PERSIAN_ONLY.search(word)


def test_a_chat_is_spelled_in_one_way_in_each_language() -> None:
    persian = by_key(read_catalogue(po_path(LOCALES, Locale.FA)))
    wrong = {key for key, message in persian.items() if SPELLED[Locale.FA_AF] in str(message.string)}
    wrong |= {key for key, text in shown().items() if SPELLED[Locale.FA] in text}
    assert not wrong
