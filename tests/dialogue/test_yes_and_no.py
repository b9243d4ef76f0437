"""Yes and no, said with what people say around them."""

from __future__ import annotations

from typing import Final

import pytest

from bot.dialogue.commands import Commands
from bot.dialogue.questions import Meaning
from desk.language.catalogues import Catalogues
from desk.language.language import Language
from desk.language.lexicons import lexicons
from desk.reading.wishes import Wishes

COMMANDS: Final = Commands(Language(Catalogues()).plain, Wishes.of(lexicons()))


@pytest.mark.parametrize(
    ("typed", "meaning"),
    [
        ("بله ممنون", Meaning.YES),
        ("بله درسته", Meaning.YES),
        ("ها بیادر درست اس", Meaning.YES),
        ("نه ممنون نمیخوام", Meaning.NO),
        ("نی بیادر نمیخایم", Meaning.NO),
        ("نی کار ندارم", Meaning.NO),
        ("نخیر اشتباهه", Meaning.NO),
    ],
)
def test_yes_and_no_are_understood_among_other_words(typed: str, meaning: Meaning) -> None:
    assert COMMANDS.meaning(typed) is meaning


@pytest.mark.parametrize("typed", ["بله اشتباهه", "نه درسته", "نه نوبت میخوام", "ممنون", "نی پیسه ندارم"])
def test_what_contradicts_itself_or_says_more_is_neither(typed: str) -> None:
    assert COMMANDS.meaning(typed) is None
