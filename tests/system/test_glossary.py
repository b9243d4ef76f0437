"""The glossary names what there is, each word once; in code a name and a word mean one thing."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache

import pytest

from tests.system.source_rules import PACKAGES, ROOT, Source, dotted, sources, walked
from tests.system.word_rules import same_names, turns_in_names, turns_in_prose

WORD = re.compile(r"^\| ([^|]+?) \|", re.MULTILINE)
ROW = re.compile(r"^\| ([^|]+?) \| `(\w+)` \|", re.MULTILINE)
TEXT = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
ROWS = ROW.findall(TEXT)


@cache
def names() -> set[str]:
    """Of the classes and values in our code."""
    return {
        node.name if isinstance(node, ast.ClassDef) else dotted(node.targets[0])
        for source in sources(*PACKAGES)
        for node in walked(source.tree)
        if isinstance(node, ast.ClassDef | ast.Assign)
    } | {"Draft"}  # a draft is a dataclass of its flow


@cache
def written() -> list[Source]:
    """The code that is not bound to names of the past."""
    return [source for source in sources(*PACKAGES) if "/migrations/versions/" not in source.path]


SAME_NAME: dict[str, str] = {}
"""Public classes of the same name in several modules, with the reason why that is one thing."""

STORED = {
    "bot/flows/appointments/move.py": ("turn",),
    "bot/flows/appointments/my_appointments.py": ("turn",),
}
"""Fields of drafts and steps as they stand in the conversations that are stored."""
VERBS = {"_turn_page"}


def test_no_word_stands_twice() -> None:
    assert len(ROWS) > 30
    words = Counter(word for word in WORD.findall(TEXT) if word != "Word")
    assert words.keys() >= {word for word, _name in ROWS} | {"frame", "hold", "block"}
    assert [word for word, times in words.items() if times > 1] == []


@pytest.mark.parametrize(("word", "name"), ROWS)
def test_a_word_is_called_so_in_code(word: str, name: str) -> None:
    assert name in names(), word


def test_a_class_of_one_name_is_one_thing() -> None:
    assert len(written()) > 300
    found = same_names(written())
    assert {name: paths for name, paths in found.items() if name not in SAME_NAME} == {}
    assert set(SAME_NAME) <= set(found), "no longer needed"


def test_a_second_class_of_a_name_is_found() -> None:
    planted = Source("desk/visits/rules.py", "class Appointment:\n    pass\n\n\nclass _Line:\n    pass\n")
    assert same_names([*written(), planted, planted._replace(path="desk/cases/rules.py")]) == {
        "Appointment": ["desk/appointments/models.py", "desk/visits/rules.py", "desk/cases/rules.py"]
    }


def test_a_turn_is_neither_an_appointment_nor_an_exchange_in_code() -> None:
    named = {
        source.path: turns_in_prose(source) + turns_in_names(source, but=VERBS.union(STORED.get(source.path, ())))
        for source in written()
    }
    assert {path: names for path, names in named.items() if names} == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"""The turns of a chat."""', 1),
        ('"""A turn to be moved, and how it turns an\nanswer into calls."""', 1),
        ("value = 1  # somebody's turn", 1),
        ("# until the turn\n# is over", 1),
        ('"""Turns an answer\n    into calls."""', 0),
        ("# what it turns\n# into HTML", 0),
        ('"""Behind «Turn» on the main page, with `turn` as its step."""', 0),
        ("class HitTurn:\n    turn_id: int = 1", 2),
        ("def last_turns() -> None:\n    return None", 1),
        ("returned = _turn_page()", 0),
    ],
)
def test_a_turn_is_found_wherever_it_is_said(text: str, found: int) -> None:
    source = Source("desk/planted.py", text)
    assert len(turns_in_prose(source) + turns_in_names(source, but=VERBS)) == found
