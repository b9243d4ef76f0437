"""Commands that work everywhere (start, menu, back, cancel, help, language), as words in both languages or with a
slash.

It also knows the words for yes and no.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum

from bot.dialogue import phrases
from bot.dialogue.questions import Meaning
from bot.dialogue.slashes import behind_slash
from desk.language.text import Locale, Param
from desk.reading.folding import joined

Plain = Callable[[Param, Locale], str]


class Command(StrEnum):
    MENU = "menu"
    BACK = "back"
    CANCEL = "cancel"
    HELP = "help"
    LANGUAGE = "language"


WORDS = {
    Command.MENU: (phrases.MENU, phrases.MENU_WORDS),
    Command.BACK: (phrases.BACK, phrases.BACK_WORDS),
    Command.CANCEL: (phrases.CANCEL_WORDS,),
    Command.HELP: (phrases.HELP_WORDS,),
    Command.LANGUAGE: (phrases.LANGUAGE_WORDS,),
}
MEANINGS = {Meaning.YES: phrases.YES_WORDS, Meaning.NO: phrases.NO_WORDS}


class Commands:
    """Finds commands in typed text; built once from the words of both catalogues."""

    def __init__(self, plain: Plain) -> None:
        self._by_word: dict[str, Command] = {}
        self._meanings: dict[str, Meaning] = {}
        for command, texts in WORDS.items():
            self._by_word[command.value] = command
            for word in _words(texts, plain):
                self._by_word.setdefault(word, command)
        for meaning, text in MEANINGS.items():
            for word in _words((text,), plain):
                self._meanings.setdefault(word, meaning)

    def find(self, typed: str) -> Command | None:
        """The command; None = no command, or an unknown slash word (`behind_slash` tells which)."""
        slash = behind_slash(typed)
        return self._by_word.get(joined(slash.word if slash is not None else typed))

    def meaning(self, typed: str) -> Meaning | None:
        """Whether the text says yes or no and nothing else."""
        return self._meanings.get(joined(typed))


def _words(texts: Iterable[Param], plain: Plain) -> Iterator[str]:
    """The words of these lists in both languages, folded."""
    for locale in Locale:
        for text in texts:
            for word in plain(text, locale).replace("،", ",").split(","):
                yield joined(word)
