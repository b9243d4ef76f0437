"""The rules that one source file can break; each check returns its offences as `line: what`."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("desk", "bot", "backoffice", "mizban", "emulator")
LONGEST = 400

CLOCKS = ("desk/clock.py", "emulator/clock.py")
TASKS = ("bot/running/tasks.py", "emulator/tasks.py")
CONSOLE = ("mizban/console.py",)
AIOGRAM = "bot/channels/aiogram_parts.py"

PERSIAN_LETTER = re.compile(
    "[\u0620-\u065f\u066e-\u06d3\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]"
)
"""Letters only: digits and punctuation of the script are data that code may have to know."""

SPEAKS_PERSIAN = {
    "desk/language/*": "shapes Persian words, letters and digits",
    "desk/reading/*": "reads Persian words, letters and digits",
    "desk/staff/passwords.py": "knows words of this place and the keys of a Persian keyboard",
    "desk/people/sealing.py": "holds letters in the form in which they enter a hash",
    "desk/catalogue/rules.py": "finds a demand for copies in what staff wrote",
    "desk/cases/concerns.py": "finds a demand for a bank card in what staff wrote",
    "desk/seed/*": "the starter catalogue is text for the public",
    "mizban/seed*.py": "demo offices and people",
    "mizban/seed/*": "demo offices and people",
    "mizban/demo*.py": "demo offices and people",
    "mizban/demo/*": "demo offices and people",
    "emulator/*": "its page shows a Persian phone",
    "scripts/messages/checks.py": "names letters that no sentence may hold",
    "tests/*": "tests check what people read",
    "benchmarks/*": "load that looks like people",
}


class Source(NamedTuple):
    """One file: its path from the root, with slashes, and its text."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return _parsed(self)

    def within(self, *patterns: str) -> bool:
        """Whether the path matches one of the patterns; a `*` at the end stands for all below."""
        path = PurePosixPath(self.path)
        return any(
            path.match(pattern) or (pattern.endswith("/*") and self.path.startswith(pattern[:-1]))
            for pattern in patterns
        )


@lru_cache(maxsize=2)
def _parsed(source: Source) -> ast.Module:
    return ast.parse(source.text, filename=source.path)


@lru_cache(maxsize=4)
def walked(tree: ast.AST) -> tuple[ast.AST, ...]:
    """All nodes of a tree as `ast.walk` comes to them, kept for the next check of the same file."""
    return tuple(ast.walk(tree))


def sources(*folders: str, root: Path = ROOT) -> Iterator[Source]:
    """Every Python file of the folders."""
    for folder in folders:
        for file in sorted((root / folder).rglob("*.py")):
            if "vendor" not in file.parts:
                yield Source(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8"))


@cache
def offences(
    checks: tuple[Callable[[Source], list[str]], ...],
    *folders: str,
    concerns: Callable[[Callable[[Source], list[str]], Source], bool] = lambda _check, _source: True,
) -> dict[Callable[[Source], list[str]], list[str]]:
    """What each check finds in the files of the folders that concern it: each file is read and parsed once for all."""
    found: dict[Callable[[Source], list[str]], list[str]] = {check: [] for check in checks}
    for source in sources(*folders):
        for check in checks:
            if concerns(check, source):
                found[check] += (f"{source.path}:{offence}" for offence in check(source))
    return found


def dotted(node: ast.expr) -> str:
    """`datetime.datetime.now` of that expression; empty where it is no plain name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


@lru_cache(maxsize=2)
def calls(tree: ast.Module) -> tuple[tuple[int, str], ...]:
    """Line and dotted name of every call; names brought by `from x import y` are written x.y."""
    return tuple(_calls(tree))


def _calls(tree: ast.Module) -> Iterator[tuple[int, str]]:
    brought = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in walked(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    for node in walked(tree):
        if isinstance(node, ast.Call) and (name := dotted(node.func)):
            first, dot, rest = name.partition(".")
            yield node.lineno, f"{brought.get(first, first)}{dot}{rest}"


def imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and full name of everything imported."""
    for node in walked(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def called(source: Source, *names: str) -> list[str]:
    """The calls of functions with these names."""
    return [f"{line}: {name}()" for line, name in calls(source.tree) if name in names]


def async_in_the_domain(source: Source) -> list[str]:
    """The domain is synchronous: only its storage waits."""
    if not source.within("desk/*") or source.within("desk/storage/*"):
        return []
    waiting = (ast.AsyncFunctionDef, ast.AsyncFor, ast.AsyncWith, ast.Await)
    return [f"{node.lineno}: async" for node in walked(source.tree) if isinstance(node, waiting)]


def rules_that_reach_out(source: Source) -> list[str]:
    """Rules take values and return values: no table, no storage, no clock."""
    if not source.path.endswith("/rules.py"):
        return []
    banned = ("sqlalchemy", "desk.storage", "desk.clock")
    return [
        f"{line}: {name}"
        for line, name in imports(source.tree)
        if f"{name}.".startswith(tuple(f"{b}." for b in banned))
    ]


def transactions_ended_by_the_domain(source: Source) -> list[str]:
    """Storage commits and rolls back; an action that did would break what its caller does in the same transaction."""
    if not source.within("desk/*") or source.within("desk/storage/*"):
        return []
    return [f"{line}: {name}()" for line, name in calls(source.tree) if name.endswith((".commit", ".rollback"))]


def clocks_read(source: Source) -> list[str]:
    """Time is passed in."""
    if source.within(*CLOCKS):
        return []
    return called(
        source,
        *("datetime.now", "datetime.utcnow", "datetime.today", "datetime.datetime.now", "datetime.datetime.utcnow"),
        *("datetime.datetime.today", "date.today", "datetime.date.today", "time.time", "dt.datetime.now"),
    )


def tasks_let_go(source: Source) -> list[str]:
    """A task that nobody holds vanishes together with its error."""
    return [] if source.within(*TASKS) else called(source, "asyncio.create_task", "asyncio.ensure_future")


def prints(source: Source) -> list[str]:
    """Programs speak through the log; the command line through one module."""
    return [] if source.within(*CONSOLE) else called(source, "print")


def persian_in_code(source: Source) -> list[str]:
    """What people read lives in the catalogues, where a translator finds it; docstrings may give examples."""
    if source.within(*SPEAKS_PERSIAN):
        return []
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    tree = source.tree
    docstrings = {
        id(node.body[0].value)
        for node in walked(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    return [
        f"{node.lineno}: {node.value}"
        for node in walked(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in docstrings
        and PERSIAN_LETTER.search(node.value)
    ]


def without_docstring(source: Source) -> list[str]:
    """A module says in one sentence what a reader finds in it; an empty one needs none."""
    return [] if not source.text.strip() or ast.get_docstring(source.tree) else ["1: no docstring"]


def too_long(source: Source) -> list[str]:
    """A file of over 400 lines holds more than one subject; a migration is one list of operations, however long."""
    if source.within("desk/storage/migrations/versions/*"):
        return []
    length = len(source.text.splitlines())
    return [f"{length}: lines"] if length > LONGEST else []


def aiogram_loaded_whole(source: Source) -> list[str]:
    """Any import of aiogram but that of `AIOGRAM` builds all its types, and every start waits for it."""
    if source.path == AIOGRAM or source.within("tests/*"):
        return []
    return [f"{line}: {name}" for line, name in imports(source.tree) if name.partition(".")[0] == "aiogram"]


def sentences_in_channels(source: Source) -> list[str]:
    """A messenger's adapter carries what flows say: it makes no sentence and asks for no flow's name."""
    if not source.within("bot/channels/*"):
        return []
    speaks = [f"{line}: {name}" for line, name in imports(source.tree) if name == "desk.language.text.words"]
    asks = [
        f"{node.lineno}: asks which flow it is"
        for node in walked(source.tree)
        if isinstance(node, ast.Compare) and dotted(node.left).rpartition(".")[2] in {"flow", "flow_name"}
    ]
    return speaks + asks


VOCABULARY = ("calendar", "codes", "language", "reading", "refusals", "values")
"""Of the desk: what everybody may name."""
OPEN_TO_CONVERSATIONS = ("rows", "rules", "refusals", "chat")
"""Of a subject: what a conversation may name."""
LISTS_OF_CODES = ("desk.cases.categories", "desk.cases.facts")
"""As pure as rules, in files of their own because they are long."""


def conversations_that_reach_further(source: Source) -> list[str]:
    """A conversation looks up and does what the chat of a subject offers; the engine knows no subject at all."""
    is_engine = source.within("bot/dialogue/*")
    if not is_engine and not source.within("bot/flows/*"):
        return []
    return [f"{line}: {name}" for line, name in imports(source.tree) if not _is_open(name, is_engine=is_engine)]


def _is_open(name: str, *, is_engine: bool) -> bool:
    room, *path = name.split(".")
    if room != "desk" or (path and path[0] in VOCABULARY):
        return True
    if is_engine:
        return name.startswith("desk.conversations.chat.")
    return name.startswith(LISTS_OF_CODES) or (len(path) > 1 and path[1] in OPEN_TO_CONVERSATIONS)


def chats_that_could_be_others(source: Source) -> list[str]:
    """Whose chat it is comes with the chat, never from the caller: so nobody is shown what is somebody else's."""
    if not PurePosixPath(source.path).match("desk/*/chat.py"):
        return []
    found = []
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            first = node.args.args[0] if node.args.args else None
            if first is None or first.annotation is None or dotted(first.annotation) != "Chat":
                found.append(f"{node.lineno}: {node.name} does not begin with the chat")
            named = {arg.arg for arg in (*node.args.args, *node.args.kwonlyargs)}
            found.extend(f"{node.lineno}: {node.name} is told the {name}" for name in sorted(named & WHOSE))
    return found


def rows_taken_apart(source: Source) -> list[str]:
    """Five values or more are not told apart by their positions: a column put between two others would shift them."""
    if not source.within("desk/*") or source.within("desk/storage/migrations/*"):
        return []
    found: list[str] = []
    for node in walked(source.tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.For | ast.comprehension):
            targets = [node.target]
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Name | ast.Call | ast.Subscript):
            is_enum = dotted(node.value)[:1].isupper()
            targets = [] if is_enum else node.targets
        found.extend(
            f"{target.lineno}: {len(target.elts)} values by position"
            for target in targets
            if isinstance(target, ast.Tuple | ast.List) and len(target.elts) >= FEW
        )
        if isinstance(node, ast.Subscript) and dotted(node.value) == "row" and isinstance(node.slice, ast.UnaryOp):
            found.append(f"{node.lineno}: a value counted from the end")
    return found


FEW = 5

WHOSE = {"conversation_id", "actor", "session"}
"""What the chat carries."""


CHECKS: tuple[Callable[[Source], list[str]], ...] = (
    aiogram_loaded_whole,
    async_in_the_domain,
    rules_that_reach_out,
    transactions_ended_by_the_domain,
    clocks_read,
    tasks_let_go,
    prints,
    persian_in_code,
    without_docstring,
    too_long,
    sentences_in_channels,
    conversations_that_reach_further,
    chats_that_could_be_others,
    rows_taken_apart,
)
