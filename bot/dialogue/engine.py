"""The engine: handle one update, or show the present screen again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.dialogue.answering import Answering
from bot.dialogue.chat_state import ChatState
from bot.dialogue.commands import Commands
from bot.dialogue.flows import Flows
from bot.dialogue.heard import Heard
from bot.dialogue.lexicon import wishes
from bot.dialogue.result import ExchangeResult
from desk.conversations.chat import Chat
from desk.language.language import Language
from desk.language.text import Param

__all__ = ["Engine", "ExchangeResult", "Flows"]


class Engine:
    """Runs flows; all state of a person is passed in and returned."""

    def __init__(self, flows: Flows, language: Language) -> None:
        self._flows = flows
        self._language = language
        self._wishes = wishes()
        self._commands = Commands(language.plain, self._wishes)
        self.private: Final = frozenset(name for name, flow in flows.flows.items() if flow.is_private)
        """The names of the flows whose answers are forgotten after a day."""

    def hear(self, heard: Heard, *, state: Mapping[str, Any], revision: int, desk: Chat) -> ExchangeResult:
        """Handle one update inside the transaction of `desk`, and answer it."""
        loaded = ChatState.load(state)
        owed, loaded.owed_results = loaded.owed_results, []
        answering = Answering(self._flows, self._language, self._commands, self._wishes, desk, loaded, revision)
        result = self._with_owed(answering.hear(heard), owed, desk)
        if result.says:
            # Where a flow is over, its end replaces the message that was pressed, and no screen stands there.
            is_screen = result.edits and result.says[0].remains is not None
            result.state.stands_on = heard.message_id or "" if is_screen else ""
        return result

    def show(
        self, *, state: Mapping[str, Any], revision: int, desk: Chat, notes: Sequence[Param] = ()
    ) -> ExchangeResult:
        """Show the present screen again: after a repeated update, a crash, or an error of ours."""
        loaded = ChatState.load(state)
        owed = loaded.owed_results
        answering = Answering(self._flows, self._language, self._commands, self._wishes, desk, loaded, revision)
        result = answering.repeat(notes)
        result.state.owed_results = owed  # whether this one arrives is not known
        return self._with_owed(result, owed, desk)

    def _with_owed(self, result: ExchangeResult, owed: Sequence[Mapping[str, str]], desk: Chat) -> ExchangeResult:
        """Put what could not be sent before in front of the answer, the earliest first; nothing of it is kept after
        that."""
        for before in reversed(owed):
            flow = self._flows.flows.get(before["flow"])
            says = flow.owing(desk, before["what"]) if flow is not None and flow.owing is not None else None
            if says is not None:
                result.says.insert(0, says)
                result.edits = False
        return result
