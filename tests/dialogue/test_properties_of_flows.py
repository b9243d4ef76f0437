"""What a flow declares of itself, each with and without it; the engine knows no flow of the bot by its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import bot.dialogue
from bot.dialogue import phrases
from bot.flows.registry import FLOWS
from tests.dialogue.letters import UNKNOWN, Desk

ENGINE = Path(bot.dialogue.__path__[0])
OF_THE_ENGINE = frozenset({"menu", "welcome"})
"""The two flows without which there is no conversation."""


class TestWhatAFlowDeclares:
    def test_unsent_words_of_one_that_tells_the_desk_are_shown_on_leaving(self) -> None:
        def left(desk: Desk) -> str:
            desk.press_data("go:letter:")
            desk.press("The cook")
            desk.say("the soup was cold")
            return desk.press("🏠 Main page")

        assert "This is not sent yet:" in left(Desk(tells_desk=True))
        assert left(Desk()) == "What would you like?"

    def test_words_for_the_desk_are_kept_on_the_way_to_one_that_asks_for_words(self) -> None:
        def brought(desk: Desk) -> str:
            desk.say(UNKNOWN)
            desk.press_data("go:letter:")
            return desk.press("The cook")

        assert phrases.YOU_HAD_TOLD.id in brought(Desk(asks_for_words=True))
        assert brought(Desk()) == "What shall we tell?"

    def test_words_for_the_desk_answer_one_that_takes_them_in(self) -> None:
        def brought(desk: Desk) -> str:
            desk.say(UNKNOWN)
            desk.press_data("go:letter:")
            return desk.press("The cook")

        assert brought(Desk(asks_for_words=True, takes_words_in=True)) == f"Send {UNKNOWN}?"

    def test_start_asks_before_it_gives_up_the_answers_of_one_that_asks_much(self) -> None:
        def started(desk: Desk) -> str:
            desk.press_data("go:letter:")
            desk.press("The cook")
            return desk.start()

        assert phrases.HAD_BEGUN.id in started(Desk(asks_much=True))
        assert started(Desk()) == "What would you like?"

    def test_yes_is_asked_about_in_one_that_looks_last(self) -> None:
        def answered(desk: Desk) -> str:
            desk.press_data("go:letter:")
            return desk.say("yes")

        assert answered(Desk(looks_last=True)) == phrases.DID_YOU_MEAN.id
        assert phrases.YES_WHICH.id in answered(Desk())

    def test_what_is_named_without_a_wish_leads_on_from_one_that_only_leads_on(self) -> None:
        def led(desk: Desk) -> str:
            desk.press_data("go:letter:")
            return desk.say("green")

        assert led(Desk(only_leads_on=True)) == "Which tea?"
        assert "To whom?" in led(Desk())

    def test_who_writes_where_secrets_are_asked_is_led_nowhere(self) -> None:
        def written(desk: Desk) -> Any:
            desk.press_data("go:letter:")
            desk.say(UNKNOWN)
            return desk.state.get("unsent")

        assert written(Desk(is_private=True)) is None
        assert written(Desk(is_private=True, tells_desk=True))


def flows_named(source: str) -> Iterator[str]:
    """The flows of the bot that a file of the engine names, be it in the data of a button."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            name = node.value.removeprefix("go:").partition(":")[0]
            if name in FLOWS.keys() - OF_THE_ENGINE:
                yield name


@pytest.mark.parametrize("file", sorted(ENGINE.glob("*.py")), ids=lambda file: file.stem)
def test_the_engine_names_no_flow_of_the_bot(file: Path) -> None:
    assert not list(flows_named(file.read_text(encoding="utf-8")))


def test_a_named_flow_is_found() -> None:
    named = flows_named('WORDY = {"ask", "tea"}; HOME = Go("menu"); BUTTON = "go:complain:3"')
    assert sorted(named) == ["ask", "complain"]
