"""The engine as the rest of the bot sees it: hear one thing, or show the current screen again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.dialogue.answering import Answering
from bot.dialogue.chat_state import ChatState
from bot.dialogue.commands import Commands
from bot.dialogue.flows import Flows
from bot.dialogue.heard import Heard
from bot.dialogue.result import ExchangeResult
from desk.conversations.chat import Chat
from desk.language.language import Language
from desk.language.text import Param

__all__ = ["Engine", "ExchangeResult", "Flows"]


class Engine:
    """Runs flows. Holds no state of a person; everything comes in and goes out."""

    def __init__(self, flows: Flows, language: Language) -> None:
        self._flows = flows
        self._language = language
        self._commands = Commands(language.plain)

    def hear(self, heard: Heard, *, state: Mapping[str, Any], revision: int, desk: Chat) -> ExchangeResult:
        """Take one thing a person did, inside the transaction of `desk`, and answer it."""
        answering = Answering(self._flows, self._language, self._commands, desk, ChatState.load(state), revision)
        return answering.hear(heard)

    def show(
        self, *, state: Mapping[str, Any], revision: int, desk: Chat, notes: Sequence[Param] = ()
    ) -> ExchangeResult:
        """The current screen again, unchanged: after a repeat, a crash, or a fault of ours."""
        answering = Answering(self._flows, self._language, self._commands, desk, ChatState.load(state), revision)
        return answering.repeat(notes)
