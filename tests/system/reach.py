"""Which refusals of the desk can be met from where, read from the source: who names what, all the way down."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from desk.refusals import Refusal
from tests.system.source_rules import dotted, sources

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file: what it defines, and what its other names stand for."""

    name: str
    tree: ast.Module

    @cached_property
    def brought(self) -> dict[str, str]:
        """Full name of everything imported, by the name it has here."""
        found = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom):
                found.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
            elif isinstance(node, ast.Import):
                found.update({alias.asname or alias.name: alias.name for alias in node.names})
        return found

    @cached_property
    def defined(self) -> dict[str, Function | ast.expr]:
        """What stands at its top: functions, and the values of its names, which may be tables of functions."""
        found: dict[str, Function | ast.expr] = {}
        for node in self.tree.body:
            if isinstance(node, Function):
                found[node.name] = node
            elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found.update({target.id: node.value for target in targets if isinstance(target, ast.Name)})
        return found

    @property
    def functions(self) -> Iterator[str]:
        """Names of those of them that can be called."""
        return (name for name, node in self.defined.items() if isinstance(node, Function))

    def full(self, name: str) -> str:
        """The full name of what is called `name` here."""
        first, dot, rest = name.partition(".")
        return f"{self.brought.get(first, f'{self.name}.{first}')}{dot}{rest}"


class Reach:
    """The functions of some packages, and what naming one leads to."""

    def __init__(self, *rooms: str) -> None:
        self.modules = {
            name: Module(name, source.tree)
            for source in sources(*rooms)
            for name in [source.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")]
        }

    def refusals(self, starts: Iterable[tuple[str, str]]) -> set[type[Refusal]]:
        """What may be raised by these functions (module and name) and by whatever they name, except where caught.

        Methods are not followed.
        """
        seen: set[tuple[str, str]] = set()
        found: set[type[Refusal]] = set()
        waiting = list(starts)
        while waiting:
            at = waiting.pop()
            if at in seen:
                continue
            seen.add(at)
            module = self.modules[at[0]]
            for name in _named(module.defined[at[1]]):
                place = self._defined(module.full(name))
                if place is None:
                    continue
                if place[1] in self.modules[place[0]].defined:
                    waiting.append(place)
                elif (refusal := _refusal(*place)) is not None:
                    found.add(refusal)
        return found

    def _defined(self, full: str) -> tuple[str, str] | None:
        """Module and name where that stands, through whatever passes it on; None where it is none of ours."""
        for _ in range(10):
            before, _dot, name = full.rpartition(".")
            module = self.modules.get(before)
            if module is None:
                return None
            if name not in module.brought:
                return before, name
            full = module.brought[name]
        raise RecursionError(full)


def _named(defined: Function | ast.expr) -> Iterator[str]:
    """What it names: not in annotations, nor what it catches."""
    waiting: list[ast.AST] = [defined]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name | ast.Attribute) and (name := dotted(node)):
            yield name
            continue
        if isinstance(node, ast.ExceptHandler):
            waiting.extend(node.body)
        elif isinstance(node, ast.AnnAssign):
            waiting.extend([node.value] if node.value else [])
        elif isinstance(node, ast.arguments):
            waiting.extend(each for each in (*node.defaults, *node.kw_defaults) if each is not None)
        elif isinstance(node, Function):
            waiting.extend([node.args, *node.body])
        else:
            waiting.extend(ast.iter_child_nodes(node))


def _refusal(module: str, name: str) -> type[Refusal] | None:
    value = getattr(importlib.import_module(module), name, None)
    is_one = isinstance(value, type) and issubclass(value, Refusal) and value is not Refusal
    return value if is_one else None


def caught(*rooms: str) -> set[str]:
    """The names of the exceptions that files of these packages catch."""
    found: set[str] = set()
    for source in sources(*rooms):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ExceptHandler) and node.type is not None:
                kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
                found |= {dotted(kind).rpartition(".")[2] for kind in kinds}
    return found
