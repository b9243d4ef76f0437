"""Two flows beside those of the toy that take the person's own words: a note to the desk, and a letter to look at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast

from bot.dialogue.engine import Engine
from bot.dialogue.flow import AnyFlow, Flow, Talk
from bot.dialogue.own_words import text_of
from bot.dialogue.questions import Done, Go, Option, Question, TakesWords
from bot.dialogue.wishing import NO_DESTINATIONS, Destination, FoundByWords
from tests.dialogue import toy

UNKNOWN = "xyzzy plugh"
"""Words that answer nothing and want nothing, so that they are kept for the desk."""


@dataclass(slots=True)
class Letter:
    to: str = ""
    text: dict[str, Any] | None = None


def letter(name: str, **declared: bool) -> Flow[Letter]:
    flow = Flow(name, draft=Letter, **declared)

    @flow.step(asks="to")
    def to(talk: Talk[Letter]) -> Question:
        return Question("To whom?", (Option("cook", "The cook", sets={"to": "cook"}),))

    @flow.step(asks="text")
    def text(talk: Talk[Letter]) -> Question:
        return Question("What shall we tell?", takes=TakesWords("text"))

    @flow.step
    def look(talk: Talk[Letter]) -> Question:
        told = text_of(talk.draft.text) or "nothing"
        return Question(f"Send {told}?", (Option("send", "Send"),), takes=TakesWords("text", adds=True))

    @flow.finish
    def sent(talk: Talk[Letter]) -> Done:
        return Done("Sent.")

    return flow


class Desk(toy.Chat):
    """A chat with two letters: words that are not understood go to the first; the second is the one to look at."""

    def __init__(self, **declared: bool) -> None:
        super().__init__()
        note = letter("note", tells_desk=True, asks_for_words=True, takes_words_in=True)
        flows = {**toy.FLOWS.flows, "note": cast(AnyFlow, note), "letter": cast(AnyFlow, letter("letter", **declared))}
        tea = FoundByWords((Destination("Tea", Go("tea")),))
        found = replace(NO_DESTINATIONS, of_words=lambda _chat, typed: tea if typed == "green" else None)
        asked = replace(toy.FLOWS, flows=flows, words_to_desk=Go("note"), destinations=found)
        self.engine = Engine(asked, self.language)
        self.start()
