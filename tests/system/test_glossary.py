"""The glossary names what there is, each word once, and the booked visit has one name in code."""

from __future__ import annotations

import ast
import re
from collections import Counter

import pytest

from tests.system.source_rules import PACKAGES, ROOT, sources

ROW = re.compile(r"^\| ([^|]+?) \| `(\w+)` \|", re.MULTILINE)
ROWS = ROW.findall((ROOT / "docs/glossary.md").read_text(encoding="utf-8"))
NAMES = {
    node.name for source in sources(*PACKAGES) for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef)
} | {"Draft", "Step"}  # a draft is a dataclass of its flow, a step a function of it
OF_A_VISIT = re.compile(r"(?<![A-Za-z])(?:Turn(?:Row|State)|(?:Last|Hit|Changed|AlreadyHas)Turn)(?![a-z])")


def test_no_word_stands_twice() -> None:
    assert len(ROWS) > 30
    assert [word for word, times in Counter(word for word, _name in ROWS).items() if times > 1] == []


@pytest.mark.parametrize(("word", "name"), ROWS)
def test_a_word_is_called_so_in_code(word: str, name: str) -> None:
    assert name in NAMES, word


def test_the_booked_visit_is_an_appointment_in_code() -> None:
    named = {source.path: OF_A_VISIT.findall(source.text) for source in sources(*PACKAGES)}
    assert {path: names for path, names in named.items() if names} == {}
