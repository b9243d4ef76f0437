"""One label for one thing: a closed vocabulary that chat and back office say alike is written once."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from itertools import combinations

import pytest

import backoffice
import bot
import desk.language
from desk.language.labels import DOCUMENT_KINDS
from desk.language.language import Language
from desk.language.text import Locale, Text

ALIKE = 0.5
"""Two tables of the same values that read the same for so large a part are one table written twice. What a person says
of themselves («مدرکم را نگه داشتند») and what staff read of them («مدرک را نگه داشتند») are two."""

Table = Mapping[str, Text]


def _tables() -> Iterator[tuple[str, Table]]:
    seen: set[int] = set()
    for room in (desk.language, bot, backoffice):
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            module = importlib.import_module(found.name)
            for name, value in vars(module).items():
                if isinstance(value, Mapping) and len(value) > 2 and id(value) not in seen:
                    said = {str(key): getattr(each, "label", each) for key, each in value.items()}
                    labels = {key: each for key, each in said.items() if isinstance(each, Text)}
                    if len(labels) == len(value):
                        seen.add(id(value))
                        yield f"{found.name}.{name}", labels


def _alike(language: Language, one: Table, other: Table) -> float:
    """For how large a part of the values the two say the same in other entries of the catalogue."""
    if one.keys() != other.keys():
        return 0.0
    twice = [
        key
        for key in one
        if one[key] != other[key] and language.plain(one[key], Locale.FA) == language.plain(other[key], Locale.FA)
    ]
    return len(twice) / len(one)


def test_no_vocabulary_is_written_twice() -> None:
    language = Language.load()
    tables = dict(_tables())
    assert len(tables) > 20, "the tables are found by looking through the modules; where have they gone?"
    assert [
        f"{one} and {other}"
        for one, other in combinations(tables, 2)
        if _alike(language, tables[one], tables[other]) >= ALIKE
    ] == []


def test_a_second_table_of_the_same_words_is_found() -> None:
    language = Language.load()
    papers = DOCUMENT_KINDS
    copied = {kind: Text("copied", language.plain(label, Locale.FA)) for kind, label in papers.items()}
    assert _alike(language, papers, papers) == 0, "the same table by another name"
    assert _alike(language, papers, copied) == pytest.approx(1)
