"""«Yes» where nothing asks for it is answered with a guess, and the guess is never a step that may do something."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import pytest

from bot.dialogue import phrases
from bot.dialogue.engine import Engine
from bot.dialogue.flow import AnyFlow, Flow, Talk
from bot.dialogue.questions import Done, Go, Meaning, Option, Question
from bot.dialogue.says import ButtonStyle
from tests.dialogue import toy
from tests.dialogue.letters import UNKNOWN, Desk

HINT = "Please write the number."
GREEN = Option("green", "Green", sets={"word": "green"})
SHOP = Option("shop", "The shop", then=Go("tea"))
AWAY = Option("none", "None of these", sets={"word": "none"}, means=Meaning.NO)
BUY = Option("buy", "Buy it", sets={"word": "buy"}, style=ButtonStyle.CONFIRM)


@dataclass(slots=True)
class Wish:
    word: str = ""


class Room(toy.Chat):
    """A chat at one question of a flow that looks last."""

    def __init__(self, *options: Option, is_sensitive: bool = False) -> None:
        super().__init__()
        flow = Flow("room", draft=Wish, looks_last=True)

        @flow.step(asks="word")
        def which(talk: Talk[Wish]) -> Question:
            return Question("Which?", options, is_sensitive=is_sensitive, hint=HINT if is_sensitive else None)

        @flow.finish
        def done(talk: Talk[Wish]) -> Done:
            return Done(f"It is {talk.draft.word}.")

        self.engine = Engine(replace(toy.FLOWS, flows={**toy.FLOWS.flows, "room": cast(AnyFlow, flow)}), self.language)
        self.start()
        self.press_data("go:room:")


@pytest.mark.parametrize("before", [(), (AWAY,), (SHOP,)], ids=["alone", "behind a no", "behind a way out"])
def test_yes_is_asked_about_the_first_answer_that_may_be_guessed(before: tuple[Option, ...]) -> None:
    """A flow that looks not last may write something at once: no «yes» leads into it."""
    room = Room(*before, GREEN)
    assert room.say("yes") == phrases.DID_YOU_MEAN.id
    assert room.labels[:2] == ["Green", phrases.GO_ON_HERE.id]
    assert room.say("yes") == "It is green."


@pytest.mark.parametrize(
    "options", [(GREEN, BUY), (SHOP,), (AWAY,)], ids=["one confirms", "one leads out", "one is no"]
)
def test_yes_guesses_nothing_where_an_answer_may_do_something(options: tuple[Option, ...]) -> None:
    room = Room(*options)
    assert room.say("yes") == f"{phrases.YES_WHICH.id} / Which?"
    assert room.say("yes") == f"{phrases.YES_WHICH.id} / Which?"


def test_yes_guesses_nothing_where_the_number_of_a_paper_is_asked() -> None:
    room = Room(GREEN, is_sensitive=True)
    assert room.say("yes") == f"{HINT} / Which?"
    assert room.labels[0] == "Green"


def test_yes_takes_along_only_words_that_the_screen_offers_to_send() -> None:
    desk = Desk(looks_last=True)
    desk.say(UNKNOWN)
    assert phrases.SEND_TO_DESK.id in desk.labels
    assert desk.say("yes") == "To whom?"
    assert desk.press("The cook") == f"Send {UNKNOWN}?", "shown first"

    desk = Desk(looks_last=True)
    desk.say(UNKNOWN)
    desk.say("no")
    assert "unsent" not in desk.state
    assert phrases.YES_WHICH.id in desk.say("yes")


def test_yes_on_a_later_screen_takes_no_words_along() -> None:
    chat = toy.Chat()
    chat.start()
    chat.press("Order tea")
    chat.say(UNKNOWN)
    assert chat.press("🫖 Black tea") == "How much sugar?"
    assert chat.say("yes") == f"{phrases.YES_WHICH.id} / How much sugar?"


@pytest.mark.parametrize("word", ["yes", "no"])
def test_who_has_not_consented_yet_is_asked_the_same_again(word: str) -> None:
    chat = toy.Chat(toy.TeaHouse(me=toy.Me(locale=None, consented=False)))
    chat.start()
    assert chat.say(word).endswith("Language?")
    assert chat.labels == ["Farsi"]
