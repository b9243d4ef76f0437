"""The ways through a flow, read from its steps: which steps each one may name, and what such a way goes round."""

from __future__ import annotations

import dis
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from bot.dialogue.flow import AnyFlow, Stop
from bot.dialogue.questions import Option
from bot.dialogue.steps import Step

OURS = "bot.flows."


def named_by(body: Any) -> set[Step[Any]]:
    """The steps that the code of a step can name: its own, and that of the functions it calls in the flows."""
    found: set[Step[Any]] = set()
    seen: set[Any] = set()
    waiting = [body]
    while waiting:
        function = waiting.pop()
        if not isinstance(function, FunctionType) or function in seen:
            continue
        seen.add(function)
        for value in _used_in(function):
            if isinstance(value, Step):
                found.add(value)
            elif isinstance(value, Option) and isinstance(value.then, Step):
                found.add(value.then)
            elif isinstance(value, dict):
                found |= {each for each in value.values() if isinstance(each, Step)}
            elif isinstance(value, FunctionType) and (value.__module__ or "").startswith((OURS, "tests.")):
                waiting.append(value)
    return found


def ways(flow: AnyFlow) -> Iterator[tuple[Stop, Step[Any]]]:
    """Every step of the flow with every step that it may name."""
    for stop in flow.stops:
        for step in named_by(stop.step.body):
            yield stop, step


def bypassed(flow: AnyFlow) -> list[str]:
    """What is wrong with the ways of a flow, in words; empty = whatever is put on its way is met by everybody."""
    wrong: list[str] = []
    for stop, step in ways(flow):
        to = flow.find(step)
        if to is None:
            wrong.append(f"{flow.name}: {stop.name} names {step.name}, which is not in the flow")
            continue
        wrong += [
            f"{flow.name}: from {stop.name} to {to.name} one goes round {each.name}"
            for each in flow.gone_round(stop, to)
        ]
    return wrong


def _used_in(function: FunctionType) -> Iterator[Any]:
    """Values that the code of a function refers to: globals, attributes of the flows' modules, what it closes over."""
    for code in _codes(function.__code__):
        before: Any = None
        for instruction in dis.get_instructions(code):
            value: Any = None
            if instruction.opname == "LOAD_GLOBAL":
                value = function.__globals__.get(instruction.argval)
            elif instruction.opname in ("LOAD_ATTR", "LOAD_METHOD") and _is_ours(before):
                value = getattr(before, instruction.argval, None)
            yield value
            before = value
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # not bound yet
            continue
    if (wrapped := getattr(function, "__wrapped__", None)) is not None:
        yield wrapped


def _is_ours(value: Any) -> bool:
    return isinstance(value, ModuleType) and value.__name__.startswith(OURS)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """The code of a function and of the functions within it."""
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)
