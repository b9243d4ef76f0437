"""Reading a typed answer as one of the buttons: by number, by its words, by a part of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

from desk.language.folding import fold
from desk.language.numbers import read_number
from desk.language.text import Param

T = TypeVar("T")
SHORTEST_PART = 3
"""Letters: fewer would match by chance."""

NOT_LETTERS = re.compile(r"[^\w]+")


def bare(text: str) -> str:
    """Folded words without icons and marks, for comparing."""
    return NOT_LETTERS.sub(" ", fold(text)).strip()


def by_number(typed: str, visible: Sequence[T]) -> T | None:
    """The option of this number on the screen, counted from one."""
    number = read_number(typed)
    return visible[number - 1] if number is not None and 1 <= number <= len(visible) else None


def says(typed: str, label: Param, plain: Callable[[Param], str]) -> bool:
    """Whether these are the words of the label; marks alone are no words."""
    wanted = bare(typed)
    return bool(wanted) and bare(plain(label)) == wanted


def by_label(typed: str, options: Sequence[T], label: Callable[[T], Param], plain: Callable[[Param], str]) -> T | None:
    """The first option whose label says exactly this, as a pressed reply button does."""
    return next((option for option in options if says(typed, label(option), plain)), None)


def by_words(typed: str, options: Sequence[T], label: Callable[[T], Param], plain: Callable[[Param], str]) -> T | None:
    """The option whose label says this; a part of one label only is enough."""
    exact = by_label(typed, options, label, plain)
    if exact is not None:
        return exact
    wanted = bare(typed)
    labels = [(option, bare(plain(label(option)))) for option in options]
    if len(wanted) < SHORTEST_PART or wanted.isdecimal():
        return None
    partial = [option for option, text in labels if text.startswith(wanted) or f" {wanted}" in text]
    return partial[0] if len(partial) == 1 else None
