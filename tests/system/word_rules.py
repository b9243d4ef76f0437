"""One word, one thing: which public classes share a name, and where «turn» stands for what has another word."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from tests.system.source_rules import Source, walked

QUOTED = re.compile(r"«[^»]*»|`[^`]*`")
AS_A_VERB = re.compile(r"\bturns? (?:out\b|(?:(?:(?!turns?\b)[^.,;:])* )?(?:into|back|around)\b)")
TURN = re.compile(r"\bturns?\b", re.IGNORECASE)
PART_OF_A_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def same_names(files: Iterable[Source]) -> dict[str, list[str]]:
    """Every public class name that several modules define, with these modules."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for source in files:
        for name in _classes(source):
            found[name].append(source.path)
    return {name: paths for name, paths in found.items() if len(paths) > 1}


@cache
def _classes(source: Source) -> list[str]:
    return [node.name for node in source.tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]


def turns_in_prose(source: Source) -> list[str]:
    """Comments and docstrings that say «turn» and do not mean to turn something into something else."""
    return [
        f"{line}: {match.group()}"
        for line, text in _prose(source)
        for match in TURN.finditer(AS_A_VERB.sub("", " ".join(QUOTED.sub("", text).split()).lower()))
    ]


def turns_in_names(source: Source, *, but: Iterable[str] = ()) -> list[str]:
    """Names in the code that have «turn» as one of their words, apart from `but`."""
    return [
        f"{token.start[0]}: {token.string}"
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline)
        if token.type == tokenize.NAME and token.string not in but
        if {"turn", "turns"} & {part.lower() for part in PART_OF_A_NAME.findall(token.string)}
    ]


def _prose(source: Source) -> Iterator[tuple[int, str]]:
    for node in walked(source.tree):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield node.lineno, text
    comments: list[tuple[int, str]] = []
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT:
            text = token.string.lstrip("# ")
            # A comment of several lines is read as one.
            if comments and token.start[0] - comments[-1][0] == comments[-1][1].count("\n") + 1:
                comments[-1] = (comments[-1][0], f"{comments[-1][1]}\n{text}")
            else:
                comments.append((token.start[0], text))
    yield from comments
