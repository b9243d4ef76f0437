"""A bare «yes» or «no» below a message that says what they mean answers that message, and nothing else."""

from __future__ import annotations

from typing import Final

import pytest

from bot.dialogue.chat_state import ChatState
from bot.dialogue.phrases import YES_WHICH
from bot.dialogue.questions import Go
from tests.dialogue import toy

ANSWERS: Final = (Go("tea", "green").data, Go("table").data)
FOR_YES: Final = "Your name?"
FOR_NO: Final = "Which cup?"


class Asked(toy.Chat):
    """A chat at a question of the tea house, below which messages arrive that ask something."""

    def __init__(self, *doors: str) -> None:
        super().__init__()
        self.start()
        for door in doors:
            self.press(door)

    def arrives(self, answers: tuple[str, str] | None = ANSWERS) -> Asked:
        state = ChatState.load(self.state)
        state.was_asked(answers)
        self.state = state.dump()
        return self


@pytest.mark.parametrize("doors", [(), ("Order tea",)], ids=["at the main page", "below a question"])
def test_yes_and_no_follow_the_links_of_the_message(doors: tuple[str, ...]) -> None:
    assert Asked(*doors).arrives().say("yes") == FOR_YES
    assert Asked(*doors).arrives().say("no") == FOR_NO


def test_they_answer_it_once_only() -> None:
    chat = Asked().arrives()
    chat.say("yes")
    assert chat.say("back") != FOR_YES
    assert "answers_last" not in chat.state


@pytest.mark.parametrize("act", ["press", "write", "menu", "start"])
def test_whatever_else_was_done_first_no_yes_answers_it_later(act: str) -> None:
    chat = Asked("Order tea").arrives()
    match act:
        case "press":
            chat.press("🫖 Black tea")
        case "write":
            chat.say("Green tea")
        case "menu":
            chat.say("menu")
        case _:
            chat.start("home")
    assert chat.say("yes") not in (FOR_YES, FOR_NO)


def test_of_two_messages_that_ask_the_last_is_answered_and_no_other() -> None:
    assert Asked("Order tea").arrives((ANSWERS[1], ANSWERS[0])).arrives().say("yes") == FOR_YES
    assert Asked("Order tea").arrives(None).arrives().say("yes") == FOR_YES
    assert Asked("Order tea").arrives().arrives(None).say("yes") == f"{YES_WHICH.id} / Which tea?"


def test_a_link_of_a_flow_that_is_gone_does_nothing() -> None:
    chat = Asked("Order tea").arrives((Go("nowhere").data, Go("nowhere").data))
    assert chat.say("yes") == f"{YES_WHICH.id} / Which tea?"
