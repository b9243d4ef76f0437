"""What «yes» offers while the question below it changes: no answer but the one that was shown is ever meant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, cast

from bot.dialogue import phrases
from bot.dialogue.engine import Engine
from bot.dialogue.flow import AnyFlow, Flow, Talk
from bot.dialogue.questions import Done, Option, Question, Skip
from tests.dialogue import toy

SUGAR: Final = Option("first", "With sugar", sets={"sugar": "with"})
PLAIN_TEA: Final = Option("second", "Plain", sets={"sugar": "without"})
SMALL: Final = Option("first", "A small one", sets={"cake": "small"})


@dataclass(slots=True)
class Tray:
    sugar: str = ""
    cake: str = ""


def tray() -> Flow[Tray]:
    flow = Flow("tray", draft=Tray, looks_last=True)

    @flow.step(asks="sugar")
    def sugar(talk: Talk[Tray]) -> Question | Skip:
        if toy.house(talk).sugar_is_out:
            return Skip({"sugar": "without"}, gone="The sugar is out.")
        return Question("Sugar?", (*(() if toy.house(talk).pot_is_empty else (SUGAR,)), PLAIN_TEA))

    @flow.step(asks="cake")
    def cake(talk: Talk[Tray]) -> Question:
        return Question("Which cake?", (SMALL,))

    @flow.finish
    def brought(talk: Talk[Tray]) -> Done:
        return Done("Here it is.")

    return flow


def asked_about_sugar() -> toy.Chat:
    chat = toy.Chat()
    flows = {**toy.FLOWS.flows, "tray": cast(AnyFlow, tray())}
    chat.engine = Engine(replace(toy.FLOWS, flows=flows), chat.language)
    chat.start()
    chat.press_data("go:tray:")
    assert chat.say("yes") == phrases.DID_YOU_MEAN.id
    return chat


def test_where_the_question_is_gone_yes_offers_no_answer_of_the_next_one() -> None:
    chat = asked_about_sugar()
    chat.desk.sugar_is_out = True
    assert chat.say("yes") == "The sugar is out. / Which cake?"
    assert chat.state["draft"] == {"sugar": "without"}


def test_where_the_answer_alone_is_gone_yes_chooses_no_other() -> None:
    chat = asked_about_sugar()
    chat.desk.pot_is_empty = True
    assert chat.say("yes").endswith("Sugar?")
    assert "draft" not in chat.state
