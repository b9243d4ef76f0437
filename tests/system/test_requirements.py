"""docs/requirements.md and what the tests bear say the same, and the program cites no duty that is not there."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.system.source_rules import ROOT

PAGE = ROOT / "docs/requirements.md"
ROWS = {"000": 18, "001": 18, "002": 14, "003": 7, "004": 6}
"""How many duties each text has; they are numbered from 1 without a gap."""
CODE = ("desk", "bot", "backoffice", "mizban")

ID = re.compile(r"00[0-4]-\d{2}")
CITED = re.compile(r"(?<![\w-])00[0-4]-\d{2}(?![\w-])")
LINE = re.compile(r"^\| *(\S+) *\| *(\S+) *\| *(.+?) *\| *(.+?) *\| *(.+?) *\| *(.+?) *\|$")
QUOTED = re.compile(r"`([^`]+)`")
BORNE_BY_A_CHAT = re.compile(r"^# Requirement (\S+) (\S+)$", re.MULTILINE)
STATES = re.compile(r"done|in part: \S.*|not yet(: \S.*)?")
COUNTED = re.compile(
    r"^Now: (\d+) sides of (\d+) ids; (\d+) done, (\d+) in part, (\d+) not yet\. Done whole: (\d+) ids\.$", re.MULTILINE
)

Borne = Mapping[str, Iterable[tuple[str, str]]]
"""The ids and sides that each test or chat bears, by its name: `tests/…/test_x.py::test_y` or `tests/….chat`."""


@dataclass(frozen=True)
class Row:
    """A line of the table. `id` and `side` as they are written, right or wrong."""

    id: str
    side: str
    duty: str
    state: str
    kept: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.id} {self.side}"


def rows_of(page: str) -> list[Row]:
    """Every line of the page that is a line of a table, without the heads."""
    found = []
    for line in page.splitlines():
        if not line.startswith("|") or line.startswith(("|---", "| Id |")):
            continue
        cells = LINE.match(line)
        assert cells, f"not six cells: {line}"
        id_, side, duty, kept, shown, state = cells.groups()
        found.append(Row(id_, side, duty, state, QUOTED.findall(kept), QUOTED.findall(shown)))
    return found


def borne_in(tests: Path, *, root: Path) -> dict[str, list[tuple[str, str]]]:
    """What each test and chat below `tests` bears; a test that bears nothing is there with an empty list."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path in sorted(tests.rglob("test_*.py")):
        for name, marks in _tests_of(ast.parse(path.read_text(encoding="utf-8"))):
            found[f"{path.relative_to(root).as_posix()}::{name}"] = marks
    for path in sorted(tests.rglob("*.chat")):
        text = path.read_text(encoding="utf-8")
        found[path.relative_to(root).as_posix()] = BORNE_BY_A_CHAT.findall(text)
    return found


def _tests_of(tree: ast.Module | ast.ClassDef, *, within: str = "") -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from _tests_of(node, within=f"{within}{node.name}::")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield within + node.name, [mark for each in node.decorator_list for mark in _mark(each)]


def _mark(decorator: ast.expr) -> Iterator[tuple[str, str]]:
    if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.requirement":
        id_, side = (ast.literal_eval(each) for each in decorator.args)
        yield id_, side


def faults(page: str, borne: Borne, *, root: Path = ROOT) -> list[str]:
    """What is not so: each a short sentence."""
    rows = rows_of(page)
    said = [f"{name} stands twice" for name, times in Counter(row.name for row in rows).items() if times > 1]
    wanted = {f"{text}-{number:02}" for text, last in ROWS.items() for number in range(1, last + 1)}
    said += [f"{id_} is missing" for id_ in sorted(wanted - {row.id for row in rows})]
    said += [f"{id_} is no id of ours" for id_ in sorted({row.id for row in rows} - wanted)]
    for row in rows:
        said += [f"{row.name}: {what}" for what in _faults_of(row, borne, root=root)]
    named = {(row.id, row.side, test) for row in rows for test in row.shown}
    bears = {(id_, side, test) for test, marks in borne.items() for id_, side in marks}
    said += [f"{id_} {side}: {test} does not bear it" for id_, side, test in sorted(named - bears) if test in borne]
    said += [f"{id_} {side}: {test} bears it and is not named" for id_, side, test in sorted(bears - named)]
    said += _miscounted(page, rows)
    return said


def _faults_of(row: Row, borne: Borne, *, root: Path) -> Iterator[str]:
    if row.side == "-":
        if row.state != "nothing is asked" or row.shown or row.kept:
            yield "without a side nothing is asked"
        return
    if row.side not in set("ASMI"):
        yield "no such side"
    if not STATES.fullmatch(row.state):
        yield f"no such state: {row.state}"
    if row.state.startswith("not yet") == bool(row.shown):
        yield "what no test shows is «not yet», and nothing else is"
    if row.shown and not row.kept:
        yield "shown, but kept nowhere"
    yield from (f"{test} is not there" for test in row.shown if test not in borne)
    yield from (f"{path} is not there" for path in row.kept if not (root / path).exists())


def _miscounted(page: str, rows: list[Row]) -> list[str]:
    asked = [row for row in rows if row.side != "-"]
    states = Counter(row.state.partition(":")[0] for row in asked)
    ids = {row.id for row in asked}
    whole = ids - {row.id for row in asked if row.state != "done"}
    true = (len(asked), len(ids), states["done"], states["in part"], states["not yet"], len(whole))
    said = COUNTED.search(page)
    return [] if said and tuple(map(int, said.groups())) == true else [f"the count is {true}"]


def cited_in(folder: Path) -> set[str]:
    """The ids that docstrings and comments below a folder cite."""
    return {id_ for path in folder.rglob("*.py") for id_ in CITED.findall(path.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def borne() -> dict[str, list[tuple[str, str]]]:
    return borne_in(ROOT / "tests", root=ROOT)


def test_the_page_and_the_tests_say_the_same(page: str, borne: Borne) -> None:
    assert faults(page, borne) == []


def test_what_the_program_cites_stands_in_the_page(page: str, tmp_path: Path) -> None:
    known = {row.id for row in rows_of(page)}

    assert {(folder, id_) for folder in CODE for id_ in cited_in(ROOT / folder) - known} == set()
    (tmp_path / "planted.py").write_text('"""Nobody pays more (000-99); office 72-1102, telephone 026-000-12-34."""')
    assert cited_in(tmp_path) - known == {"000-99"}


A_TEST = "tests/domain/test_capacity.py::test_free_days_pass_over_full_and_closed_ones"
A_CHAT = "tests/transcripts/chats/services/where.chat"


@pytest.mark.parametrize(
    ("old", "new", "seen"),
    [
        ("| 000-12 | M |", "| 000-13 | M |", "000-12 is missing"),
        ("| 000-12 | M |", "| 000-13 | M |", "000-13 M stands twice"),
        ("| 000-12 | M |", "| 000-19 | M |", "000-19 is no id of ours"),
        ("| 000-12 | M |", "| 000-12 | X |", "000-12 X: no such side"),
        ("| not yet |\n", "| nearly |\n", "no such state: nearly"),
        ("| - | - | not yet |\n", "| - | - | done |\n", "what no test shows is «not yet»"),
        ("`desk/capacity/free.py`", "`desk/capacity/fee.py`", "000-13 A: desk/capacity/fee.py is not there"),
        ("`desk/capacity/free.py`", "-", "000-13 A: shown, but kept nowhere"),
        (A_TEST, A_TEST + "_today", f"000-13 A: {A_TEST}_today is not there"),
        (A_TEST, A_TEST + "_today", f"000-13 A: {A_TEST} bears it and is not named"),
        (A_CHAT, A_CHAT.replace("where", "links"), "001-01 A: tests/transcripts/chats/services/links.chat does not"),
        (" not yet. Done whole:", "0 not yet. Done whole:", "the count is"),
        ("- | nothing is asked |", "- | done |", "002-13 -: without a side nothing is asked"),
    ],
)
def test_a_slip_in_the_page_is_seen(page: str, borne: Borne, old: str, new: str, seen: str) -> None:
    assert old in page

    assert any(seen in fault for fault in faults(page.replace(old, new, 1), borne))


@pytest.mark.parametrize("name", [A_TEST, A_CHAT])
def test_a_test_that_is_renamed_or_loses_its_id_is_seen(page: str, borne: Borne, name: str) -> None:
    renamed = {each: marks for each, marks in borne.items() if each != name}
    bare = {**borne, name: []}

    assert any(f"{name} is not there" in fault for fault in faults(page, renamed))
    assert any(f"{name} does not bear it" in fault for fault in faults(page, bare))


def test_ids_are_read_from_tests_in_classes_and_from_chats(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(
        "class TestIt:\n"
        "    @pytest.mark.requirement('000-01', 'A')\n"
        "    @pytest.mark.requirement('000-02', 'S')\n"
        "    def test_it(self): ...\n"
        "async def test_nothing(): ...\n"
    )
    (tmp_path / "two.chat").write_text("# A chat.\n# Requirement 000-03 A\ngiven  the usual desk\n")

    assert borne_in(tmp_path, root=tmp_path) == {
        "test_one.py::TestIt::test_it": [("000-01", "A"), ("000-02", "S")],
        "test_one.py::test_nothing": [],
        "two.chat": [("000-03", "A")],
    }
