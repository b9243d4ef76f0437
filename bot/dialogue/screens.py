"""Turns a question into a message with buttons: paging, navigation last, button data with the revision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue import phrases
from bot.dialogue.questions import Done, Go, Option, Question
from bot.dialogue.says import Button, Says
from desk.language.text import Param, paragraphs

MOST_BUTTONS = 7
"""The most buttons on one screen, navigation not counted: more are hard to survey for people who read slowly."""
ON_A_PAGE = 5
"""The options on a page where a list is longer than a screen; where two stand in a row, one more."""

LONGEST_LINK = 48
"""The longest link, in bytes, that fits into the data of a button beside the revision."""

BACK_KEY = "~back"
MENU_KEY = "~menu"
MORE_KEY = "~more"

Link = tuple[Param, Go]
"""A button of the engine beside the options: its label and its target."""


@dataclass(frozen=True, slots=True)
class OptionsPage:
    """One page of the options."""

    options: tuple[Option, ...]
    number: int
    """From 0."""
    start: int
    """How many options stand before it."""
    total: int
    """How many options there are on all pages."""

    @property
    def has_more(self) -> bool:
        """Whether a page follows; the last one leads nowhere."""
        return self.start + len(self.options) < self.total

    @property
    def is_part(self) -> bool:
        """Whether other pages exist."""
        return len(self.options) < self.total


def page_of(ask: Question, number: int, *, extra: int) -> OptionsPage:
    """The options shown on page `number` (from 0) or the last one, when `extra` buttons beside navigation are there
    too."""
    room = MOST_BUTTONS - extra - (ask.asks_location is not None)
    everything = ask.options
    total = len(everything)
    if total <= room:
        return OptionsPage(everything, 0, 0, total)
    room = max(min(room, ON_A_PAGE + (ask.columns > 1)), 1)
    number = min(number, -(-total // room) - 1)
    start = number * room
    return OptionsPage(everything[start : start + room], number, start, total)


def _answers(options: Sequence[Option]) -> int:
    """How many of the options are answers; one that only leads to another way is none, and is not counted."""
    return sum(bool(option.sets) or option.then is None for option in options)


def leads_to(ask: Question, go: Go) -> bool:
    """Whether an option of the question already leads to `go`, so that a link would repeat it."""
    return any(
        isinstance(option.then, Go) and option.then.flow == go.flow and go.arg in ("", option.then.arg)
        for option in ask.options
    )


def key_of(option: Option) -> str:
    """The key of an option in button data; an option that leads to another flow stays valid on old messages, where its
    link is short enough for a button."""
    link = option.then.data if isinstance(option.then, Go) and not option.sets else None
    return link if link is not None and len(link.encode()) <= LONGEST_LINK else option.key


def data_of(revision: int, key: str) -> str:
    """The data of a button of this screen; at most 64 bytes."""
    return f"r{revision}.{key}"


def read_data(data: str) -> tuple[int, str] | None:
    """The revision and key in a button's data; None = it is not a button of a screen."""
    if not data.startswith("r"):
        return None
    number, dot, key = data[1:].partition(".")
    return (int(number), key) if dot and number.isascii() and number.isdecimal() and len(number) < 16 else None


def read_link(data: str) -> Go | None:
    """The lasting link in a button's data; None = it is none."""
    if not data.startswith("go:"):
        return None
    flow, _, arg = data[3:].partition(":")
    return Go(flow, arg)


def screen(
    ask: Question,
    page: OptionsPage,
    *,
    revision: int,
    notes: Sequence[Param],
    extra: Sequence[Link],
    has_back: bool,
    has_home: bool,
) -> Says:
    """The question as a message; `notes` come before it, `extra` links after its options, navigation last.

    `has_home` = the main page may be opened from it once it is left.
    """
    buttons = [Button(option.label, data_of(revision, key_of(option)), option.style) for option in page.options]
    rows = _rows(buttons, ask.columns)
    if page.has_more:
        rows.append((Button(phrases.MORE, data_of(revision, MORE_KEY)),))
    text = ask.text
    if page.is_part:
        before = _answers(ask.options[: page.start])
        answers = _answers(page.options)
        if answers:
            text = paragraphs(ask.text, phrases.part_of(before + 1, before + answers, _answers(ask.options)))
    rows.extend((Button(label, go.data),) for label, go in extra)
    navigation = []
    if has_back:
        navigation.append(Button(phrases.BACK, data_of(revision, BACK_KEY)))
    if ask.has_menu:
        navigation.append(Button(phrases.MENU, data_of(revision, MENU_KEY)))
    if navigation:
        rows.append(tuple(navigation))
    return Says(
        text=paragraphs(*notes, text) if notes else text,
        rows=tuple(rows),
        asks_location=ask.asks_location,
        remains=TO_THE_MENU if has_home else (),
    )


TO_THE_MENU = (Button(phrases.MENU, Go("menu").data),)
"""The way to the main page, which leads there from a message of any age."""


def closing(done: Done) -> Says:
    """The last screen of a flow: its links stay valid, so its buttons carry no revision."""
    rows = [(Button(label, go.data),) for label, go in done.links]
    rows.append(TO_THE_MENU)
    return Says(text=done.text, rows=tuple(rows))


def _rows(buttons: Sequence[Button], columns: int) -> list[tuple[Button, ...]]:
    return [tuple(buttons[start : start + columns]) for start in range(0, len(buttons), columns)]
