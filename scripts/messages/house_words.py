"""Holds the sentences of the chat against the closed lists in `locales/words.toml` and the measure of a screen.

`docs/translators.md` gives the rules. The tests of transcripts hold rendered screens against the same.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from desk.language.shown import Locale
from scripts.messages.po_files import Key

FILE: Final = Path(__file__).parents[2] / "locales" / "words.toml"
MOST_WORDS: Final = 12
MOST_SENTENCES: Final = 3

TYPED: Final = frozenset(
    ("common", words)
    for words in (
        "back, previous",
        "cancel, stop, leave it",
        "help, guide",
        "language, change language",
        "main page, menu, home, start",
        "no, nope",
        "yes, yeah, ok, all right",
    )
)
"""Lists of words that people may type, in either language."""

PRINTED: Final = "official_form"
"""The context of the form that the State has printed: its words are its own."""

_ENDS: Final = re.compile(r"[.؟!]")
_PAUSES: Final = re.compile(r"[.؟!…:؛\n]")
_QUOTED: Final = re.compile(r"«([^«»{}]*\w[^«»{}]*)»")


@dataclass(frozen=True, slots=True)
class HouseWords:
    """The closed lists; `instead` = by language, what is never said with what is said in its place."""

    frightening: re.Pattern[str]
    instead: Mapping[Locale, Mapping[re.Pattern[str], str]]
    staff: Mapping[Locale, Mapping[re.Pattern[str], str]]
    """The same for the back office."""
    all_the_same: Mapping[Key, str]
    staff_all_the_same: Mapping[Key, str]
    example: re.Pattern[str]

    def faults(self, locale: Locale, text: str) -> Iterator[str]:
        """Yield each word of the lists that a text says."""
        for found in self.frightening.finditer(text):
            yield f"«{found.group()}» frightens"
        for pattern, better in self.instead[locale].items():
            for found in pattern.finditer(text):
                yield f"«{found.group().strip()}» is said {better}"

    def faults_of_staff(self, locale: Locale, text: str) -> Iterator[str]:
        """Yield each word that is called otherwise in the back office."""
        for pattern, better in self.staff[locale].items():
            for found in pattern.finditer(text):
                yield f"«{found.group().strip()}» is said {better}"

    def misquoted(self, text: str, labels: Collection[str]) -> list[str]:
        """The buttons that a text names otherwise than they are called, their icon included."""
        return [
            found.group(1)
            for found in _QUOTED.finditer(text)
            if found.group(1) not in labels and not self.example.search(_ENDS.split(text[: found.start()])[-1])
        ]


@lru_cache(maxsize=1)
def house_words() -> HouseWords:
    """The lists of this repository."""
    lists = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return HouseWords(
        frightening=re.compile(rf"(?<!\w)(?:{'|'.join(lists['frightening'])})(?!\w)", re.IGNORECASE),
        instead={locale: _compiled(lists["instead"][locale.value]) for locale in Locale},
        staff={locale: _compiled(lists["staff"][locale.value]) for locale in Locale},
        all_the_same=_excepted(lists["all_the_same"]),
        staff_all_the_same=_excepted(lists["staff_all_the_same"]),
        example=re.compile(lists["example"]),
    )


def _compiled(list_of: Mapping[str, str]) -> Mapping[re.Pattern[str], str]:
    return {re.compile(pattern): better for pattern, better in list_of.items()}


def _excepted(sentences: Iterable[Mapping[str, str]]) -> Mapping[Key, str]:
    return {(each["context"], each["id"]): each["reason"] for each in sentences}


def is_staff(places: Iterable[str]) -> bool:
    """Whether a message of these files is read in the back office alone."""
    return all(place.startswith("backoffice/") for place in places)


def is_chat(places: Iterable[str]) -> bool:
    """Whether a message of these files is read in the chat."""
    return any(place.startswith(("bot/", "desk/language/")) for place in places)


def sentences(text: str) -> list[str]:
    """The sentences of a text. A line that ends in no stop, question mark or bang is a fact or a heading, and none."""
    return [piece.strip() for line in text.split("\n") for piece in _ENDS.split(line)[:-1] if re.search(r"\w", piece)]


def long_pieces(text: str, *, most: int = MOST_WORDS) -> list[str]:
    """Pieces between two pauses that have more words than `most`; icons are no words."""
    return [piece.strip() for piece in _PAUSES.split(text) if len(re.findall(r"\S*\w\S*", piece)) > most]


def faults_of_wording(locale: Locale, shown: Mapping[Key, str]) -> Iterator[str]:
    """Yield what in the sentences of the chat is against the lists; `shown` = by key, what people read."""
    words, labels = house_words(), frozenset(shown.values())
    for key, text in sorted(shown.items()):
        if key in TYPED:
            continue
        wrong = [] if key in words.all_the_same else list(words.faults(locale, text))
        wrong += [f"more than {MOST_WORDS} words without a pause: «{piece}»" for piece in long_pieces(text)]
        if len(sentences(text)) > MOST_SENTENCES:
            wrong.append(f"more than {MOST_SENTENCES} sentences")
        wrong += [f"no button is called «{name}»" for name in words.misquoted(text, labels)]
        yield from (f"{locale}: {fault}, in [{key[0]}] {key[1]!r}" for fault in wrong)


def faults_of_staff(locale: Locale, shown: Mapping[Key, str], *, labels: Collection[str]) -> Iterator[str]:
    """Yield what in the back office is against its lists; `labels` = everything that people and staff can read."""
    words = house_words()
    for key, text in sorted(shown.items()):
        if key[0] == PRINTED:
            continue
        wrong = [] if key in words.staff_all_the_same else list(words.faults_of_staff(locale, text))
        wrong += [f"nothing is called «{name}»" for name in words.misquoted(text, labels)]
        yield from (f"{locale}: {fault}, in [{key[0]}] {key[1]!r}" for fault in wrong)
