"""Measures a screen, in both languages: how many buttons, how many letters, one question."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.dialogue.says import Says
from desk.language.language import Language
from desk.language.text import Locale, Param, Text
from desk.reading.folding import strip_bidi

MOST_BUTTONS = 7
LONGEST_LABEL = 20
"""Letters of a button's words, its icon left out."""
LONGEST_SENTENCE = 16
"""Words, names and dates filled in; the sentence alone has at most twelve."""
BARRED = re.compile(
    r"\b(?:خطا|نامعتبر|باید|اتباع محترم|آگاهی|مأمور|پرونده|دوسیه|متخلف|رد کردند|error|invalid)\b", re.IGNORECASE
)
ICON = re.compile(r"^[^\w]+", re.UNICODE)


@lru_cache(maxsize=1)
def words_of_the_bot() -> Language:
    return Language.load()


def faults(says: Says) -> list[str]:
    """What is too much on this screen; empty when nothing is."""
    found: list[str] = []
    buttons = [button for row in says.rows for button in row if button.data]
    if len(buttons) + (says.asks_location is not None) > MOST_BUTTONS:
        found.append(f"{len(buttons)} buttons")
    for locale in Locale:
        for button in buttons:
            label = _plain(button.label, locale)
            if isinstance(button.label, Text) and len(ICON.sub("", label)) > LONGEST_LABEL:
                found.append(f"{locale}: the button «{label}» has {len(ICON.sub('', label))} letters")
        for sentence in re.split(r"[.؟!:؛\n]", _plain(says.text, locale)):
            if len(sentence.split()) > LONGEST_SENTENCE:
                found.append(f"{locale}: «{sentence.strip()}» has {len(sentence.split())} words")
            if BARRED.search(sentence):
                found.append(f"{locale}: «{sentence.strip()}» says what we never say")
    return found


def _plain(param: Param, locale: Locale) -> str:
    return strip_bidi(words_of_the_bot().plain(param, locale))
