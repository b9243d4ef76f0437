"""Finds, by reading the source, which refusals a page of the staff can meet."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from desk.refusals import Refusal

ROOT = Path(__file__).parents[2]

Sources = Mapping[str, str]
"""By the dotted name of a module: its text."""


@dataclass
class Body:
    """What one function or class names: other functions, and the refusals it makes."""

    names: set[str] = field(default_factory=set)
    makes: set[str] = field(default_factory=set)


def sources(*rooms: str) -> dict[str, str]:
    """The modules of these packages."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path.read_text("utf-8")
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
    }


def _imported(tree: ast.Module) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
    return found


def _named(node: ast.AST, known: Mapping[str, str]) -> str | None:
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
        return f"{known[node.value.id]}.{node.attr}"
    return None


def _caught(tree: ast.AST) -> set[int]:
    """The nodes that stand behind `except` or in an annotation, where nothing is called."""
    apart: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and node.type is not None:
            apart.append(node.type)
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            apart.append(node.annotation)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            apart.append(node.returns)
    return {id(inner) for each in apart for inner in ast.walk(each)}


def _names_of(node: ast.stmt) -> list[str]:
    """What a statement at the top of a module names: a function, a class or a table."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [node.name]
        case ast.Assign():
            return [target.id for target in node.targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name() as target):
            return [target.id]
        case _:
            return []


def bodies(texts: Sources) -> dict[str, Body]:
    """Every function, class and table of these modules, by its dotted name; what is handed on leads to its source."""
    found: dict[str, Body] = {}
    for module, text in texts.items():
        tree = ast.parse(text)
        tops = {name: node for node in tree.body for name in _names_of(node)}
        imported = _imported(tree)
        found |= {f"{module}.{name}": Body(names={source}) for name, source in imported.items()}
        known = {**imported, **{name: f"{module}.{name}" for name in tops}}
        apart = _caught(tree)
        for name, top in tops.items():
            body = found[f"{module}.{name}"] = Body()
            for node in ast.walk(top):
                if id(node) in apart:
                    continue
                if (what := _named(node, known)) is not None:
                    body.names.add(what)
                made = node.func if isinstance(node, ast.Call) else node.exc if isinstance(node, ast.Raise) else None
                if made is not None and (what := _named(made, known)) is not None:
                    body.makes.add(what)
    return found


def names_from(found: Mapping[str, Body], *, begin: str) -> set[str]:
    """The functions that are reached from those whose name is `begin` or begins with it."""
    waiting = [name for name in found if name == begin or name.startswith(f"{begin}.")]
    seen = set(waiting)
    while waiting:
        more = (found[waiting.pop()].names & found.keys()) - seen
        seen |= more
        waiting += more
    return seen


def _refusal(name: str) -> type[Refusal] | None:
    module, _dot, attribute = name.rpartition(".")
    value = getattr(importlib.import_module(module), attribute, None)
    return value if isinstance(value, type) and issubclass(value, Refusal) else None


def refusals_met(texts: Sources) -> dict[type[Refusal], str]:
    """The refusals that a page of the back office can meet, each with one of those that raise it."""
    met: dict[type[Refusal], str] = {}
    found = bodies(texts)
    words = {name for name in found if ".wording." in name}
    reached = names_from({name: body for name, body in found.items() if name not in words}, begin="backoffice")
    for maker, made in sorted((name, each) for name in reached for each in found[name].makes):
        refusal = _refusal(made) if made.startswith("desk.") and made.rpartition(".")[0] in texts else None
        if refusal is not None:
            met.setdefault(refusal, maker)
    return met
