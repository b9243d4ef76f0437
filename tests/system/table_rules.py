"""The rules about tables: who may change them, and what their columns tell; each check returns `line: what`."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Set
from functools import cache

from tests.system.source_rules import Source, called, dotted, imports, sources, walked

CHANGES = re.compile(r"\b(?:UPDATE|DELETE\s+FROM|DROP\s+TABLE|TRUNCATE)\s+event(?:s|_seals)\b", re.IGNORECASE)


def history_changed(source: Source) -> list[str]:
    """What happened is written once: only the history's own folder seals, forgets and takes out keys."""
    if source.within("desk/events/*", "desk/storage/migrations/*", "tests/*"):
        return []
    named = _names_of({"desk.events.models.Event", "desk.events.models.EventSeal"}, source.tree)
    changed = [
        f"{node.lineno}: {dotted(node.func)}({dotted(node.args[0])})"
        for node in walked(source.tree)
        if isinstance(node, ast.Call)
        and dotted(node.func).rpartition(".")[2] in {"update", "delete", "insert"}
        and node.args
        and dotted(node.args[0]) in named
    ]
    written = [
        f"{node.lineno}: {node.value}"
        for node in walked(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHANGES.search(node.value)
    ]
    return changed + written


def _names_of(tables: Set[str], tree: ast.Module) -> set[str]:
    """The names that a file has for these tables: as they were brought, and what is made of that."""
    brought = {
        alias.asname or alias.name
        for node in walked(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if f"{node.module}.{alias.name}" in tables
    }
    return brought | {
        target.id
        for node in walked(tree)
        if isinstance(node, ast.Assign)
        for target, value in _pairs(node)
        if isinstance(target, ast.Name)
        and any(isinstance(each, ast.Name) and each.id in brought for each in ast.walk(value))
    }


def _pairs(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Each name that is given a value, with that value."""
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=False)
        else:
            yield target, node.value


@cache
def _drawn() -> frozenset[str]:
    """The tables whose ids are drawn, as their models say."""
    return frozenset(
        f"{source.path.removesuffix('.py').replace('/', '.')}.{node.name}"
        for source in sources("desk")
        if source.path.endswith("/models.py")
        for node in source.tree.body
        if isinstance(node, ast.ClassDef) and "id: Mapped[RandomId]" in map(ast.unparse, node.body)
    )


def drawn_ids_taken_for_age(source: Source) -> list[str]:
    """An id that is drawn tells nothing of when its row was written: the newest is found by a moment."""
    if source.within("desk/storage/migrations/*"):
        return []
    ids = {f"{name}{column}" for name in _names_of(_drawn(), source.tree) for column in (".id", ".c.id")}
    asks = {("order_by", f"{each}.desc()") for each in ids} | {(end, each) for each in ids for end in ("max", "min")}
    return [
        f"{node.lineno}: {ast.unparse(node.args[0])}"
        for node in walked(source.tree)
        if isinstance(node, ast.Call)
        and node.args
        and (ast.unparse(node.func).rpartition(".")[2], ast.unparse(node.args[0])) in asks
    ]


COUNTS_PLACES = ("desk/places/*", "desk/capacity/planning.py", "desk/storage/migrations/*", "tests/*")
"""Where the taken places of a slot change: when one is claimed or given back, and when the day is planned."""
COUNTING = "desk.places.counting."


def places_counted_elsewhere(source: Source) -> list[str]:
    """A place changes hands in one function, so that no way of freeing one can pass the event by."""
    if source.within(*COUNTS_PLACES):
        return []
    counts = [
        f"{node.lineno}: values(remaining=…)"
        for node in walked(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "values"
        and any(keyword.arg == "remaining" for keyword in node.keywords)
    ]
    brought = [
        f"{line}: {name}"
        for line, name in imports(source.tree)
        if name.startswith(COUNTING) and name != f"{COUNTING}swap_places"
    ]
    return counts + brought


NAMES_TABLES = {
    "desk/storage/*": "asks the databases about themselves, and moves tables from one shape to the next",
}


def tables_named_by_hand(source: Source) -> list[str]:
    """A subject reaches the tables of those below it by their models; for those above it there is an event."""
    if not source.within("desk/*") or source.within(*NAMES_TABLES):
        return []
    return called(source, "sqlalchemy.table", "sqlalchemy.sql.table", "sqlalchemy.Table")


CHECKS: tuple[Callable[[Source], list[str]], ...] = (
    history_changed,
    drawn_ids_taken_for_age,
    places_counted_elsewhere,
    tables_named_by_hand,
)
