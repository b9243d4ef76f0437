"""Reads the name of a person: a sentence is not taken for one, and asked about."""

from __future__ import annotations

from functools import cache

from desk.language.lexicons import lexicons
from desk.language.text import words
from desk.people.rules import read_name
from desk.reading.names import NameWords, SaidName

_ = words("person")

HINT = _("Please write the name in letters, such as «Gol Agha Rahimi».")
ONLY_THE_NAME = _("Write only the name, such as «Gol Agha Rahimi».")
YES = _("✅ Yes, that's the name")
WRITE_IT = _("✏️ Write the name")
CORRECT = _("✏️ Correct the name")


@cache
def _words() -> NameWords:
    return NameWords.of(lexicons())


def read(typed: str, *, asked: str) -> SaidName | None:
    """The name in what was typed; None = there is none. `asked` = what was asked about: who writes it again is sure."""
    name = read_name(typed)
    if name is None or name == asked:
        return SaidName(name, is_sure=True) if name else None
    return _words().read(typed, name=name)


def whole(typed: str) -> str:
    """What was typed as a name, with all that stands around it."""
    return read_name(typed) or ""
