"""The rules for comments and docstrings that one file can break; each check returns its offences as `line: what`."""

from __future__ import annotations

import ast
import builtins
import io
import keyword
import re
import tokenize
from collections.abc import Callable
from functools import cache, lru_cache
from typing import NamedTuple

from tests.system.source_rules import PACKAGES, ROOT, Source, sources, walked

EVERYWHERE = (*PACKAGES, "benchmarks", "scripts", "tests")
NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

EMPTY_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a an and are as at by for from get gets has in is it its of on return returns "
        "that the these they this those to what whether which with",
    )
)
"""Words that add nothing to a name."""

FILE_KINDS = frozenset(("css", "js", "md", "py"))
"""What a name ends with that is a file's."""

PLAIN_FOR = {
    r"\bdeeds?\b": "action",
    r"\bwho(?:so|m)?ever\b": "the person, the caller, or what it is",
    r"\bbefell\b": "happened to",
    r"\brooms? (?:above|below|beside)\b": "package",
    r"\b(?:a|an|the|this|that|one|each|every|whole|new|booked|no) turns?\b(?! (?:of|in)to)": "appointment, exchange",
}
"""Words with a plainer one, which the glossary or the field has."""


class Note(NamedTuple):
    """A docstring or a comment: where it begins, its text, and the function, class or module it belongs to."""

    line: int
    text: str
    owner: ast.AST | None = None


@lru_cache(maxsize=4)
def notes_of(source: Source) -> tuple[Note, ...]:
    """The docstrings of a file, those behind an attribute too, and its comments."""
    found = []
    for node in walked(source.tree):
        body = getattr(node, "body", None)
        for place, child in enumerate(body if isinstance(body, list) else []):
            if (
                isinstance(child, ast.Expr)
                and isinstance(child.value, ast.Constant)
                and isinstance(child.value.value, str)
            ):
                found.append(Note(child.lineno, child.value.value, node if place == 0 else None))
    if "#" in source.text:
        tokens = tokenize.generate_tokens(io.StringIO(source.text).readline)
        found.extend(Note(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT)
    return tuple(found)


def modules_not_in_one_sentence(source: Source) -> list[str]:
    """The first paragraph of a module says in one sentence what a reader finds there."""
    said = next((note.text for note in notes_of(source) if isinstance(note.owner, ast.Module)), None)
    if said is None:
        return []
    first = " ".join(said.split("\n\n")[0].split())
    is_one = first.endswith((".", "?", "…")) and re.search(r"[.!?] [A-Z]", first) is None
    return [] if is_one or first.startswith("`") else [f"1: {first}"]


def names_said_again(source: Source) -> list[str]:
    """A docstring says more than the name of what it stands in."""
    found = []
    for note in notes_of(source):
        if isinstance(note.owner, NAMED):
            of_name = {word.lower().rstrip("s") for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+|\d+", note.owner.name)}
            said = {word.lower().rstrip("s") for word in re.findall(r"\w+", note.text)}
            if not said - of_name - {word.rstrip("s") for word in EMPTY_WORDS}:
                found.append(f"{note.line}: {note.owner.name}: {note.text}")
    return found


def names_of_nothing(source: Source) -> list[str]:
    """What stands between single backquotes and looks like a name is one that the code has."""
    found = []
    for note in notes_of(source):
        for quoted in re.findall(r"(?<!`)`([A-Za-z_][\w.]*)(?:\(\))?`(?!`)", note.text):
            parts = quoted.split(".")
            if any(part not in _names() for part in parts) or not _leads_somewhere(parts):
                found.append(f"{note.line}: {quoted}")
    return found


def documents_of_nothing(source: Source) -> list[str]:
    """A document that is cited stands in the repository."""
    return [
        f"{note.line}: {cited}"
        for note in notes_of(source)
        for cited in re.findall(r"[\w./-]+\.md\b", note.text)
        if not any((folder / cited).exists() for folder in (ROOT, ROOT / "docs", (ROOT / source.path).parent))
    ]


def words_with_a_plainer_one(source: Source) -> list[str]:
    """Comments use the field's words and say who they mean."""
    return [
        f"{note.line}: «{found[0]}»: {plain}"
        for note in notes_of(source)
        for word, plain in PLAIN_FOR.items()
        if (found := re.search(word, note.text, re.IGNORECASE)) is not None
    ]


@cache
def _names() -> frozenset[str]:
    """Every word of the code: names, arguments, attributes, keys, and the words of texts that are no docstrings."""
    found = {*dir(builtins), *keyword.kwlist, *EVERYWHERE, *FILE_KINDS}
    for source in sources(*EVERYWHERE):
        if source.path == "tests/system/test_docstrings.py":  # its planted names are nobody's
            continue
        tree = source.tree
        told = {id(node.value) for node in walked(tree) if isinstance(node, ast.Expr)}
        found.update(part.removesuffix(".py") for part in source.path.split("/"))
        for node in walked(tree):
            if isinstance(node, ast.Constant):
                if isinstance(node.value, str) and id(node) not in told:
                    found.update(re.findall(r"\w+", node.value))
            elif isinstance(node, ast.alias):
                found.update((node.asname or "").split("."), node.name.split("."))
            else:
                found.update(value for _, value in ast.iter_fields(node) if isinstance(value, str))
    for folder in ("backoffice/static", "backoffice/templates", "docs"):
        found.update(part for file in (ROOT / folder).glob("*.*") for part in file.name.split("."))
    return frozenset(found)


@cache
def _defined(module: str) -> frozenset[str] | None:
    """The names that a module gives a value, also inside of its classes; None where there is no such module."""
    place = ROOT.joinpath(*module.split("."))
    file = place / "__init__.py" if place.is_dir() else place.with_suffix(".py")
    if not file.exists():
        return None
    found: set[str] = {child.stem for child in place.iterdir()} if place.is_dir() else set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, NAMED):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name)
    return frozenset(found)


def _leads_somewhere(parts: list[str]) -> bool:
    """Whether a dotted name that begins with a package of ours leads to a module or to a name in one."""
    if parts[0] not in EVERYWHERE or parts[-1] in FILE_KINDS:
        return True
    module = parts[0]
    for place, part in enumerate(parts[1:], start=1):
        if _defined(f"{module}.{part}") is not None:
            module = f"{module}.{part}"
            continue
        defined = _defined(module) or frozenset()
        return all(name in defined for name in parts[place:])
    return True


CHECKS: tuple[Callable[[Source], list[str]], ...] = (
    modules_not_in_one_sentence,
    names_said_again,
    names_of_nothing,
    documents_of_nothing,
    words_with_a_plainer_one,
)
