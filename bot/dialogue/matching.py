"""Matches typed text with the options on buttons: by number, by label, or by a part of a label."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.dialogue.questions import Meaning, Option
from desk.language.text import Param
from desk.reading.folding import folded_words
from desk.reading.numbers import read_number

T = TypeVar("T")
SHORTEST_PART = 3
"""The shortest part of a label, in letters; shorter ones would match by chance."""


def by_number(typed: str, visible: Sequence[T]) -> T | None:
    """The option of this number on the screen, counted from one."""
    number = read_number(typed.strip(" -–—"))  # «1-» means the first option
    return visible[number - 1] if number is not None and 1 <= number <= len(visible) else None


def says(typed: str, label: Param, plain: Callable[[Param], str]) -> bool:
    """Whether the text is this label; punctuation alone is no label."""
    wanted = _run_together(folded_words(typed))
    return bool(wanted) and _run_together(folded_words(plain(label))) == wanted


def by_label(typed: str, options: Sequence[T], label: Callable[[T], Param], plain: Callable[[Param], str]) -> T | None:
    """The first option with exactly this label, which is what a reply keyboard sends."""
    return next((option for option in options if says(typed, label(option), plain)), None)


def by_words(typed: str, options: Sequence[T], label: Callable[[T], Param], plain: Callable[[Param], str]) -> T | None:
    """The option with this label, or the only one whose label contains it."""
    exact = by_label(typed, options, label, plain)
    if exact is not None:
        return exact
    wanted = _run_together(folded_words(typed))
    if len(wanted) < SHORTEST_PART or wanted.isdecimal():
        return None
    partial = [option for option in options if _begins_a_word(wanted, folded_words(plain(label(option))))]
    return partial[0] if len(partial) == 1 else None


def by_meaning(meaning: Meaning | None, options: Sequence[Option]) -> Option | None:
    """The option that words for «yes» or «no» choose; None = it was neither, or no option means it."""
    return next((option for option in options if meaning is not None and option.means is meaning), None)


def _begins_a_word(wanted: str, words: Sequence[str]) -> bool:
    """Whether the label contains it from the beginning of a word on, however both are spaced."""
    return any(_run_together(words[place:]).startswith(wanted) for place in range(len(words)))


def _run_together(words: Sequence[str]) -> str:
    """Words without spaces, which people set freely; two numbers stay two: 1:30 is not 13:0."""
    parts: list[str] = []
    for word in words:
        if parts and parts[-1][-1].isdecimal() and word[0].isdecimal():
            parts.append("-")
        parts.append(word)
    return "".join(parts)
