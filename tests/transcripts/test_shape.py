"""Every jump of a conversation leads to a step or a flow that exists, and every flow has an end or a way on."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import pytest

from bot.dialogue.questions import Go
from bot.flows.registry import FLOWS, LINKS, conversation, payload

FOLDER = Path(__file__).parents[2] / "bot" / "flows"
MODULES = sorted(
    ".".join(path.relative_to(FOLDER).with_suffix("").parts) for path in FOLDER.rglob("*.py") if path.stem != "__init__"
)


def _file(module: str) -> Path:
    return (FOLDER / Path(*module.split("."))).with_suffix(".py")


def jumps(module: str) -> set[str]:
    """The steps named by `then="…"` in a file."""
    tree = ast.parse(_file(module).read_text(encoding="utf-8"))
    return {
        keyword.value.value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "then" and isinstance(keyword.value, ast.Constant) and isinstance(keyword.value.value, str)
    }


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


@pytest.mark.parametrize("module", MODULES)
def test_every_named_step_exists(module: str) -> None:
    own = getattr(importlib.import_module(f"bot.flows.{module}"), "flow", None)
    steps = set(own.steps) if own is not None else {step for flow in FLOWS.values() for step in flow.steps}
    assert jumps(module) <= steps


@pytest.mark.parametrize("module", MODULES)
def test_every_flow_entered_exists(module: str) -> None:
    assert flows_entered(module) <= set(FLOWS)


def test_what_the_engine_enters_by_itself_exists() -> None:
    flows = conversation()
    for go in (flows.welcome, flows.language, flows.desk, flows.copy_wanted):
        assert go.flow in flows.flows


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
