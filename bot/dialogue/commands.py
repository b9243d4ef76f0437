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
from desk.reading.wishes import Wishes
from desk.reading.words import words_of

Plain = Callable[[Param, Locale], str]


class Command(StrEnum):
    MENU = "menu"
    BACK = "back"
    CANCEL = "cancel"
    HELP = "help"
    LANGUAGE = "language"


LONGEST_WORD = 3
"""The most parts of a word for yes or no."""
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

    def __init__(self, plain: Plain, wishes: Wishes) -> None:
        self._wishes = wishes
        self._by_word: dict[str, Command] = {}
        self._meanings: dict[str, Meaning] = {}
        for command, texts in WORDS.items():
            self._by_word[command.value] = command
            for word in _words(texts, plain):
                self._by_word.setdefault(word, command)
        for meaning, text in MEANINGS.items():
            for word in _words((text,), plain):
                self._meanings.setdefault(word, meaning)
                self._meanings.setdefault("".join(words_of(word)), meaning)

    def find(self, typed: str) -> Command | None:
        """The command; None = no command, or an unknown slash word (`behind_slash` tells which)."""
        slash = behind_slash(typed)
        return self._by_word.get(joined(slash.word if slash is not None else typed))

    def meaning(self, typed: str) -> Meaning | None:
        """Whether the text says yes or no, and beside it only words without a meaning of their own."""
        found = self._meanings.get(joined(typed))
        if found is not None:
            return found
        words = words_of(typed)
        for end in range(min(len(words) - 1, LONGEST_WORD), 0, -1):
            found = self._meanings.get("".join(words[:end]))
            if found is not None:
                rest = " ".join(words[end:])
                is_given_up = found is Meaning.NO and self._by_word.get(joined(rest)) is Command.CANCEL
                return found if is_given_up or self._says_nothing(rest) else self._same(found, words[end:])
        return None

    def _same(self, meaning: Meaning, rest: list[str]) -> Meaning | None:
        """The meaning, where the rest says it again: «no brother, I do not want it»."""
        for start, word in enumerate(rest):
            if self.meaning(" ".join(rest[start:])) is meaning:
                return meaning
            if not self._says_nothing(word):
                break
        return None

    def _says_nothing(self, typed: str) -> bool:
        return self._wishes.adds_nothing(typed) or self._wishes.greeting(typed) is not None


def _words(texts: Iterable[Param], plain: Plain) -> Iterator[str]:
    """The words of these lists in both languages, folded."""
    for locale in Locale:
        for text in texts:
            for word in plain(text, locale).replace("،", ",").split(","):
                yield joined(word)
