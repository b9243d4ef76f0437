"""What must be true of everything a person sees, whatever they did: the rules of a screen, checked one by one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from desk.reading.folding import fold, strip_bidi
from emulator.screens import Screen, ShownMessage

MOST_BUTTONS = 7
NAVIGATION = ("بیشتر", "بازگشت", "برگشت", "🏠 صفحهٔ اول")
"""On every screen, and not counted."""
LONGEST_LABEL = 22
"""Letters; the rule says twenty, and an icon or a plural may need two more."""
FORBIDDEN = ("خطا", "نامعتبر")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
NOT_LATIN = re.compile(r"[^a-z]+")
"""Taken out before comparing: a name is shown without the marks it was typed with."""
NOT_A_LETTER = re.compile(r"[^\w\s]|_")
UNFILLED = re.compile(r"\{\w+\}|%\(\w+\)s")
MENU = re.compile(r"go:menu:|r\d+\.~menu")
DOOR_OF_THE_MENU = re.compile(r"r\d+\.go:(appointments|services|complain):")
"""Those on its first page, however many notes and links stand there too."""
WELCOME = re.compile(r"r\d+\.(fa|fa_AF|understood)")
SHORTEST_QUOTE = 6
"""Letters of a staff text that a shortened label has to keep to be taken for it."""


@dataclass(frozen=True)
class Known:
    """Words that are nobody's translation: what people typed, and what staff wrote (titles, offices, names)."""

    typed: Collection[str] = ()
    staff: Collection[str] = ()

    def has_word(self, word: str) -> bool:
        """Whether a Latin word stands in what somebody typed or wrote."""
        wanted = word.lower()
        return any(wanted in NOT_LATIN.sub("", text.lower()) for text in (*self.typed, *self.staff))

    def quotes(self, label: str) -> bool:
        """Whether a label holds a title, a name or the beginning of one."""
        said = fold(strip_bidi(label))
        for text in (*self.staff, *self.typed):
            quoted = fold(text)
            beginning = quoted[:SHORTEST_QUOTE] if len(quoted) > SHORTEST_QUOTE else quoted
            if len(quoted) > 1 and beginning in said:
                return True
        return False


HOME = "🏠"
"""The icon of every button that leads to the main page, also of «no, begin anew»."""


def is_menu(screen: Screen) -> bool:
    """Whether the person stands on the main page."""
    before_the_eyes = [screen.rows, *(each.rows for each in screen.news if not each.deleted)]
    return any(
        sum(bool(DOOR_OF_THE_MENU.fullmatch(button.data)) for row in rows for button in row) == 3
        for rows in before_the_eyes
    )


def is_welcome(screen: Screen) -> bool:
    """Whether the person is asked for the language or told what we keep, before anything else."""
    return any(WELCOME.fullmatch(button.data) for row in screen.rows for button in row)


def faults_of(screen: Screen, *, known: Known) -> Iterator[str]:
    """Every rule that what was said since the last act, or the screen that stands now, breaks."""
    for shown in screen.news:
        if not shown.deleted:
            yield from _faults_of_one(shown, known=known)
    yield from _way_out(screen)


def faults_of_an_extra_tap(before: Screen, after: Screen) -> Iterator[str]:
    """A second tap on the same button may say a passing word, or edit what stands; it adds no screen."""
    added = _of_the_bot(after) - _of_the_bot(before)
    if added > 0:
        yield f"an extra tap adds {added} screens"


def faults_of_the_way_home(screen: Screen) -> Iterator[str]:
    """The act that led here was a way home, from a message of whatever age."""
    if not (is_menu(screen) or is_welcome(screen)):
        yield "one act did not lead to the main page"


def _of_the_bot(screen: Screen) -> int:
    return sum(not shown.mine and not shown.deleted for shown in screen.messages)


def _faults_of_one(shown: ShownMessage, *, known: Known) -> Iterator[str]:
    labels = shown.buttons
    counted = [label for label in labels if strip_bidi(label) not in NAVIGATION]
    if len(counted) > MOST_BUTTONS:
        yield f"{len(counted)} buttons on one screen"
    for label in labels:
        letters = NOT_A_LETTER.sub("", strip_bidi(label)).strip()
        if len(letters) > LONGEST_LABEL and not known.quotes(label):
            yield f"a label of {len(letters)} letters: {letters}"
    text = _without(shown.text, (*shown.marked("code"), *shown.marked("url"), *shown.marked("pre")))
    yield from faults_of_words("\n".join((text, *labels)), known=known)
    if shown.kind == "text" and not shown.plain:
        yield "an empty message"


def faults_of_words(text: str, *, known: Known) -> Iterator[str]:
    """English that reached a person, words we never say, placeholders nobody filled."""
    for word in LATIN_WORD.findall(text):
        if not known.has_word(word):
            yield f"a Latin word reached a person: {word}"
    ours = text
    for typed in sorted(known.typed, key=len, reverse=True):
        ours = ours.replace(strip_bidi(typed), " ") if len(typed) > 1 else ours
    for word in FORBIDDEN:
        if word in ours:
            yield f"a word we never say: {word}"
    for mark in UNFILLED.findall(ours):
        yield f"an unfilled placeholder: {mark}"


def _way_out(screen: Screen) -> Iterator[str]:
    """A result may come below a screen that has the way home; both are before the person's eyes."""
    if screen.current is None:
        yield "nothing is shown at all"
        return
    if screen.keyboard:
        return
    shown = [screen.current, *screen.news]
    data = [button.data for each in shown if not each.deleted for row in each.rows for button in row]
    if not data and not screen.current.plain.endswith("؟"):
        yield "a dead end: no button and no question"
    leads_home = any(map(MENU.fullmatch, data)) or any(
        strip_bidi(label).startswith(HOME) for each in shown if not each.deleted for label in each.buttons
    )
    if not (leads_home or is_menu(screen) or is_welcome(screen)):
        yield "the main page is not one act away"


def _without(text: str, pieces: Iterable[str]) -> str:
    for piece in pieces:
        text = text.replace(piece, " ", 1)
    return text
