"""Words that were gathered and not sent when the person goes to the main page: they are told, and may send them."""

from __future__ import annotations

from typing import Final

from bot.dialogue import phrases
from bot.dialogue.chat_state import ChatState
from bot.dialogue.own_words import OwnWords, shown
from bot.dialogue.questions import Go, Json, Option, Question
from bot.dialogue.says import Button, Says
from bot.dialogue.steps import StepAnswer
from bot.dialogue.unsent import LeftAt, Unsent, UnsentKind
from desk.language.text import lines, words

_ = words("telling")

SEND: Final = "send"
"""The key of the option that sends what a flow has gathered that tells the desk."""
AGAIN: Final = "unsent."
"""The beginning of the argument with which such a flow is taken up where it was left; the run of it follows."""
LEAVE: Final = "leave."
"""Likewise of the argument of the main page with which it is given up."""
NOTHING_SENT: Final = _("Nothing was sent.")
NOT_SENT: Final = _("This is not sent yet:")


def sending(answer: StepAnswer) -> Option | None:
    """The option of a question that sends; None = the flow has not come so far."""
    if not isinstance(answer, Question):
        return None
    return next((option for option in answer.options if option.key == SEND), None)


def keep(state: ChatState, draft: dict[str, Json], *, told: dict[str, Json]) -> None:
    """Keep the present flow of the chat as it stands, for `AGAIN`."""
    left = LeftAt(state.step, draft, state.run)
    state.unsent = Unsent(UnsentKind.TOLD, state.flow, told, left)


def is_kept(state: ChatState, arg: str) -> bool:
    """Whether what this argument means is what the chat keeps: an older message shows other words."""
    left = state.unsent.left if state.unsent is not None else None
    return left is not None and arg in (f"{AGAIN}{left.run}", f"{LEAVE}{left.run}")


def message(state: ChatState, told: OwnWords, *, is_whole: bool) -> Says:
    """Shows the words that were kept just now, with the ways to send them and to give them up.

    `is_whole` = nothing is left to ask before they are sent.
    """
    on = phrases.SEND_IT if is_whole else phrases.GO_ON_WITH_IT
    send, leave = Go(state.flow, f"{AGAIN}{state.run}"), Go("menu", f"{LEAVE}{state.run}")
    rows = ((Button(on, send.data),), (Button(phrases.LEAVE_IT, leave.data),))
    return Says(lines(NOT_SENT, shown(told)), rows=rows, stays=True)
