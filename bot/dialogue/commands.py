"""Words that work everywhere: start, menu, back, cancel, help, language; in both languages and as slash commands."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from bot.dialogue import phrases
from bot.dialogue.slashes import behind_slash
from desk.language.folding import joined
from desk.language.text import Locale, Param

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


class Commands:
    """Finds the command in what was typed. Built once: the words come from the catalogues of both languages."""

    def __init__(self, plain: Plain) -> None:
        self._by_word: dict[str, Command] = {}
        for command, texts in WORDS.items():
            self._by_word[command.value] = command
            for locale in Locale:
                for text in texts:
                    for word in plain(text, locale).replace("،", ",").split(","):
                        self._by_word.setdefault(joined(word), command)

    def find(self, typed: str) -> Command | None:
        """None = it is no command, or a slash word that is none of ours (`behind_slash` tells which)."""
        slash = behind_slash(typed)
        return self._by_word.get(joined(slash.word if slash is not None else typed))
