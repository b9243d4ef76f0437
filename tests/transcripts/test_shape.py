"""Every target of an answer is a step or a flow that exists, and every flow has an end or a way on."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue.flow import AnyFlow
from bot.dialogue.flows import Flows
from bot.dialogue.questions import Go
from bot.dialogue.steps import Step
from bot.flows.registry import APOLOGIES, FLOWS, LINKS, conversation, payload
from tests.transcripts.ways import bypassed, named_by

FOLDER = Path(__file__).parents[2] / "bot" / "flows"
MODULES = sorted(
    ".".join(path.relative_to(FOLDER).with_suffix("").parts) for path in FOLDER.rglob("*.py") if path.stem != "__init__"
)


def _file(module: str) -> Path:
    return (FOLDER / Path(*module.split("."))).with_suffix(".py")


def flows_entered(module: str) -> set[str]:
    """The flows named by `Go("…")` in a file."""
    tree = ast.parse(_file(module).read_text(encoding="utf-8"))
    return {
        str(call.args[0].value)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "Go"
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
def test_no_way_goes_round_a_question(flow: AnyFlow) -> None:
    """A step put anywhere on the way is met by everybody who passes there, since no answer names a step behind it."""
    assert not bypassed(flow)


def test_a_refusal_leads_to_a_step_of_some_flow() -> None:
    steps = {step for sorry in named_by_apologies() for step in sorry}
    assert steps
    assert all(any(flow.find(step) for flow in FLOWS.values()) for step in steps)


def named_by_apologies() -> list[set[Step[Any]]]:
    return [named_by(words) for words in APOLOGIES.values()]


@pytest.mark.parametrize("module", MODULES)
def test_every_flow_entered_exists(module: str) -> None:
    assert flows_entered(module) <= set(FLOWS)


def never_entered(names: Collection[str], entered: Mapping[str, Collection[str]]) -> set[str]:
    """The flows to which nothing leads but themselves; `entered` = by module, the flows that it names."""
    return {
        name for name in names if all(name not in to or module.endswith(f".{name}") for module, to in entered.items())
    }


def entered_by_the_engine(flows: Flows) -> tuple[Go, ...]:
    """What the engine opens without a button or word of a flow."""
    return flows.welcome, flows.language, flows.desk, flows.words_to_desk, flows.copy_wanted


def test_something_leads_to_every_flow() -> None:
    """An entry of the menu, a button of another flow, a link of a poster, or the engine."""
    flows = conversation()
    of_the_engine = {"": {go.flow for go in entered_by_the_engine(flows)} | {"menu"}}
    of_links = {letter: {go.flow} for letter, link in LINKS.items() if (go := link("code")) is not None}
    entered = {module: flows_entered(module) for module in MODULES} | of_links | of_the_engine
    assert never_entered(FLOWS, entered) == set()
    assert never_entered(["garden"], {"plants.garden": {"garden"}, "cases.ask": {"ask"}}) == {"garden"}


def test_what_the_engine_enters_by_itself_exists() -> None:
    flows = conversation()
    assert {go.flow for go in entered_by_the_engine(flows)} <= set(flows.flows)


@pytest.mark.parametrize("letter", LINKS)
def test_every_link_of_a_poster_leads_into_a_flow(letter: str) -> None:
    go = payload(f"{letter}_code")
    assert go is not None
    assert go.flow in FLOWS


@pytest.mark.parametrize("text", ["", "s", "s_", "o_", "x_1", "_", "c"])
def test_a_link_that_says_nothing_leads_to_the_main_page(text: str) -> None:
    assert payload(text) == (Go("complain") if text == "c" else None)


def test_the_data_of_every_lasting_button_fits() -> None:
    longest = max(len(Go(name, "cancel.999999999999").data) for name in FLOWS)
    assert longest <= 64
