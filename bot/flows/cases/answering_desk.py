"""Leads what a person writes after a message of the desk to the case that the message was about."""

from __future__ import annotations

from bot.dialogue.questions import Go
from bot.flows import links
from bot.flows.cases import ask, thread
from desk.cases import chat as cases
from desk.cases.rows import CaseRow
from desk.cases.rules import CaseState
from desk.conversations.chat import Chat

SAID = "said"
"""The argument of the flow «follow» with which it is begun by words that are there already."""


def about(case: CaseRow) -> str:
    """What the chat keeps of a message about this case (`Says.about`)."""
    return str(case.id)


def of_message(chat: Chat, kept: str) -> Go | None:
    """Where words go that were written after a message about something of the chat; None = it is the chat's no more.

    What is closed for good takes no words: they become a question.
    """
    case = cases.case(chat, links.id_in(kept))
    if case is None:
        return None
    if case.state is CaseState.CLOSED and not thread.may_reopen(case, now=chat.now):
        return ask.WITH_WORDS
    return Go("follow", f"{case.id}.{SAID}")


def of_reply(chat: Chat, message_id: str) -> Go | None:
    """Where words go that reply to this message; None = it was no message of the desk."""
    case_id = cases.case_of_message(chat, message_id)
    return None if case_id is None else of_message(chat, str(case_id))
