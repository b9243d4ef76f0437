"""Holds everything that a crawl meets to the rules of a screen, and tells what broke one and the way that led there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.dialogue import phrases
from bot.dialogue.questions import Go
from bot.dialogue.says import Says
from bot.dialogue.screens import MENU_KEY, read_data
from bot.flows.conversations import menu
from desk.calendar import local_day_of
from desk.language.shown import Locale
from desk.reading.folding import strip_bidi
from scripts.messages.house_words import house_words
from tests.makers import NOW
from tests.transcripts.crawl import Shown
from tests.transcripts.measure import ICON, LONGEST_LABEL, catalogues, faults, texts, words_of_the_bot

LATIN = re.compile(r"[A-Za-z]{2,}")
NOT_OURS = ("Service", "Gul", "Parwin")
"""Written by the staff and the people of the scenes."""
UNFILLED = re.compile(r"\{\w*\}|%\(\w+\)s")
QUOTED = re.compile(r"«([^«»{}]*\w[^«»{}]*)»")
ENTRIES = frozenset(option.then.data for option in menu.ENTRIES if isinstance(option.then, Go))
EXPLAINED = (("ولایت", "استان"), ("ادارهٔ کل", "ریاست"))
"""Words of Dari with what stands on signs in brackets, or the other way round: explained once on a screen, where it
is said first."""
TODAY = local_day_of(NOW)
WELCOME = frozenset(("fa", "fa_AF", "understood"))


@dataclass
class Looking:
    """`broken` = each fault with the way to its first screen."""

    broken: dict[str, str] = field(default_factory=dict)
    labels: dict[Locale, set[str]] = field(default_factory=lambda: {locale: set() for locale in Locale})
    """Every button that was met, as rendered."""
    quotes: dict[tuple[Locale, str], str] = field(default_factory=dict)
    """Every button that a sentence names, with the way to it."""
    screens: int = 0
    _met: set[Says] = field(default_factory=set)

    def at(self, shown: Shown) -> None:
        """Look at what one act led to."""
        way = " ".join(shown.way)
        if shown.step and not leads_home(shown.says):
            self.broken.setdefault(f"no way home from {shown.step}", way)
        for says in shown.says:
            self.screens += 1
            if says.text == phrases.OUR_TROUBLE:
                self.broken.setdefault(f"a fault of ours at {shown.step}", way)
            for fault in (*faults(says), *self._others(says, way)):
                self.broken.setdefault(fault, way)

    def faults(self) -> list[str]:
        """What broke a rule, one line each."""
        misquoted = {
            f"{locale}: no button is called «{name}»": way
            for (locale, name), way in self.quotes.items()
            if name not in self.labels[locale]
        }
        return [f"{fault}   [after {way}]" for fault, way in (self.broken | misquoted).items()]

    def _others(self, says: Says, way: str) -> Iterator[str]:
        language, house = words_of_the_bot(), house_words()
        buttons = [button for row in says.rows for button in row]
        for locale in Locale:
            shown = strip_bidi(language.plain(says.text, locale, today=TODAY))
            labels = [strip_bidi(language.plain(button.label, locale, today=TODAY)) for button in buttons]
            self.labels[locale].update(labels)
            yield from (
                f"{locale}: the button «{label}» has {len(ICON.sub('', label))} letters"
                for label in labels
                if len(ICON.sub("", label)) > LONGEST_LABEL
            )
            if locale is Locale.FA_AF:
                yield from (f"{locale}: {fault}" for fault in explained_late(shown))
            for text in (shown, *labels):
                yield from (
                    f"{locale}: Latin letters: «{word}»" for word in LATIN.findall(text) if word not in NOT_OURS
                )
                yield from (f"{locale}: nothing was filled in: {mark}" for mark in UNFILLED.findall(text))
            for sentence in texts(says.text):
                told = catalogues().message(locale, sentence.context, sentence.id)
                if (sentence.context, sentence.id) not in house.all_the_same:
                    yield from (f"{locale}: {fault}" for fault in house.faults(locale, told))
                for name in house.misquoted(told, ()):
                    self.quotes.setdefault((locale, name), way)


def explained_late(text: str) -> Iterator[str]:
    """What is explained twice on one screen, or after it was said without."""
    for word, other in EXPLAINED:
        explained = re.compile(rf"{word}\S* \({other}\S*\)")
        times = len(explained.findall(text))
        if times > 1:
            yield f"«{word}» is explained {times} times"
        if times and not explained.match(text, text.index(word)):
            yield f"«{word}» is explained after it was said"


def leads_home(said: tuple[Says, ...]) -> bool:
    """Whether one of the messages is the main page, leads there, or stands before it: the language, what we keep."""
    if not said:
        return True
    data = [button.data for says in said for row in says.rows for button in row]
    keys = {pressed[1] if (pressed := read_data(each)) is not None else each for each in data}
    return bool(keys & {MENU_KEY, "go:menu:"}) or keys >= ENTRIES or bool(keys & WELCOME)
