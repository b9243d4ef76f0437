"""The rules for subjects, read from their tables and files: privacy where a table can tell of a person, checks,
reactors."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Column, Enum, String, Table

from desk.parts import Privacy
from desk.subjects import Subject

PEOPLE = frozenset({"conversations", "persons"})
"""Tables whose rows are somebody who writes to us, or somebody they speak for."""
STAFF = "staff_members"


def tables_of(subject: Subject) -> list[Table]:
    """The tables that the subject's models map."""
    models = subject.part("models")
    if models is None:
        return []
    mapped = (each for each in vars(models).values() if getattr(each, "__module__", None) == models.__name__)
    tables = (getattr(each, "__table__", None) for each in mapped)
    return [table for table in tables if isinstance(table, Table)]


def points_to(column: Column[Any]) -> set[str]:
    """The tables its foreign keys lead to."""
    return {key.target_fullname.partition(".")[0] for key in column.foreign_keys}


def may_tell_of_somebody(column: Column[Any]) -> bool:
    """It leads to a chat, a person or a member of the staff, or holds a text that is no text per locale."""
    leads_to = points_to(column)
    if leads_to:
        return bool(leads_to & {*PEOPLE, STAFF})
    if column.name.endswith(("_by", "staff_id")):
        return True
    return isinstance(column.type, JSON) or (isinstance(column.type, String) and not isinstance(column.type, Enum))


def forgotten_privacy(subject: Subject) -> Iterator[str]:
    """Columns that can tell of somebody and of which nobody has said what erasing does to them."""
    columns = _columns(subject)
    telling = {name: column for name, column in columns.items() if may_tell_of_somebody(column)}
    module = subject.part("privacy")
    if module is None:
        people = {name for name, column in telling.items() if points_to(column) & PEOPLE}
        if telling and (people or not subject.no_privacy):
            yield f"{subject.name} has no privacy.py, and {', '.join(sorted(people or telling))} may tell of somebody"
        return
    privacy: Privacy = module.PRIVACY
    for name in sorted(telling.keys() - privacy.columns):
        yield f"{name} may tell of somebody and is not in privacy.py"
    for name in sorted(privacy.columns.keys() - columns.keys()):
        yield f"{name} is in privacy.py and in no table"
    if subject.no_privacy:
        yield f"{subject.name} has a privacy.py and a reason for having none"


def forgotten_checks(subject: Subject) -> Iterator[str]:
    """A subject with tables that promises nothing and doesn't say why, or says why and does."""
    has_checks = subject.part("checks") is not None
    if has_checks == bool(subject.no_checks) and (has_checks or tables_of(subject)):
        yield f"{subject.name} needs a checks.py or a reason for having none, not both"


def deaf_reactors(subject: Subject, below: Sequence[Subject]) -> Iterator[str]:
    """Kinds of event to which the subject reacts, and which no subject below it ever tells of."""
    module = subject.part("reactors")
    if module is None:
        return
    told = {word for each in below for word in _words_of(each)}
    for kind in module.REACTORS:
        if kind not in told:
            yield f"{subject.name} reacts to {kind}, which nothing below it tells of"


def tables_above(subject: Subject, above: Sequence[Subject]) -> Iterator[str]:
    """Tables of the subjects that build on this one, where its own code names one: by a foreign key or in SQL."""
    theirs = {table.name: table for each in above for table in tables_of(each)}
    for table in tables_of(subject):
        for column in table.columns:
            yield from (f"{table.name}.{column.name} leads to {name}" for name in points_to(column) & theirs.keys())
    for said in _words_of(subject):
        for name, table in theirs.items():
            columns = "|".join(column.name for column in table.columns)
            if re.search(
                rf"\b(?:FROM|JOIN|INTO|UPDATE)\s+{name}\b|\b{name}\.(?:{columns})\b|^{name}$", said, re.IGNORECASE
            ):
                yield f"{subject.name} names {name}: {said.strip()[:60]}"


def _words_of(subject: Subject) -> Iterator[str]:
    """Every text in the code of the subject, apart from its docstrings."""
    home = find_spec(f"{subject.package}.{subject.name}")
    assert home is not None
    assert home.origin is not None
    for file in sorted(Path(home.origin).parent.glob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
                yield node.value


def _columns(subject: Subject) -> dict[str, Column[Any]]:
    return {f"{table.name}.{column.name}": column for table in tables_of(subject) for column in table.columns}
