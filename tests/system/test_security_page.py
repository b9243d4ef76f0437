"""docs/security.md answers each requirement of the standard once, and names only places and tests that exist."""

from __future__ import annotations

import re
from collections import Counter

from tests.system.source_rules import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
TABLES = PAGE.partition("## 10.")[2]
STATES = {"met", "operator", "partly", "not yet"}
CHAPTERS = {
    1: 27,
    2: 11,
    3: 19,
    4: 10,
    5: 9,
    6: 35,
    7: 18,
    8: 7,
    9: 7,
    10: 29,
    11: 14,
    12: 9,
    13: 13,
    14: 9,
    15: 13,
    16: 16,
    17: 7,
}
"""How many requirements of levels 1 and 2 each chapter of the standard (5.0.0) has."""
ID = re.compile(r"\d+\.\d+\.\d+")


def _rows() -> list[list[str]]:
    lines = [line for line in TABLES.splitlines() if line.startswith("| ") and ID.match(line[2:])]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_every_requirement_is_answered_once() -> None:
    ids = Counter(each for row in _rows() for each in ID.findall(row[0]))

    assert {each for each, times in ids.items() if times > 1} == set()
    assert Counter(int(each.partition(".")[0]) for each in ids) == CHAPTERS
    assert sum(CHAPTERS.values()) == 253


def test_every_state_is_one_of_four_and_the_sum_is_true() -> None:
    judged = Counter(row[1] for row in _rows() if len(row) == 3)
    left_out = sum(len(ID.findall(row[0])) for row in _rows() if len(row) == 2)
    told = re.search(
        r"(\d+) met, (\d+) that only an operator can meet, (\d+) partly, (\d+) not yet, (\d+) that do not apply", TABLES
    )

    assert set(judged) <= STATES
    assert told is not None
    assert tuple(map(int, told.groups())) == (
        judged["met"],
        judged["operator"],
        judged["partly"],
        judged["not yet"],
        left_out,
    )


def test_every_place_and_test_it_names_is_there() -> None:
    named = re.findall(r"`([^`]+)`", TABLES + PAGE.partition("## 4.")[2].partition("## 5.")[0])
    sources = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("*.py"))
    files = {file.name for file in (ROOT / "tests").rglob("*.py")}
    missing = []
    for name in named:
        if re.fullmatch(r"test_[a-z_0-9]+", name):
            found = f"def {name}(" in sources
        elif re.fullmatch(r"test_[a-z_0-9]+\.py", name):
            found = name in files
        elif "/" in name and " " not in name and name[0] not in "./":
            found = bool(list(ROOT.glob(name)))
        else:
            continue
        if not found:
            missing.append(name)

    assert missing == []


def test_what_an_operator_has_to_do_stands_in_the_page_for_operators() -> None:
    operators = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    headings = {
        re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in operators.splitlines()
        if line.startswith("#")
    }
    asked = re.findall(r"operators\.md#([\w-]+)", PAGE)

    assert asked
    assert set(asked) <= headings
