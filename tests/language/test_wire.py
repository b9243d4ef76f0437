"""Texts and values survive a stay in a table."""

import json
from typing import Any

import pytest
from hypothesis import given

from desk.language.text import Param, lines, words
from desk.language.wire import from_json, text_from_json, to_json
from tests.language.params import params

_ = words("test wire")


@given(params)
def test_there_and_back(value: Param) -> None:
    stored = json.loads(json.dumps(to_json(value)))
    assert from_json(stored) == value


def test_a_text_is_told_from_a_value() -> None:
    text = _("{n} turns", n=3)
    assert text_from_json(to_json(text)) == text
    assert text_from_json(to_json(lines(text, text))) == lines(text, text)
    with pytest.raises(ValueError, match="not a text"):
        text_from_json(3)


@pytest.mark.parametrize(
    "data",
    [
        None,
        True,
        [],
        {},
        {"is": "elephant"},
        {"is": "money"},
        {"is": "money", "rial": -1},
        {"is": "code", "digits": "1"},
        {"is": "text", "context": "a", "id": "{n}", "params": {}},
        {"is": "near", "when": 3},
        {"is": "full day", "day": "x"},
        {"is": "day", "date": "yesterday"},
    ],
)
def test_what_is_no_stored_text(data: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each kind of damage has words of its own
        from_json(data)


def test_only_parameters_are_stored() -> None:
    with pytest.raises(TypeError, match="bool"):
        to_json(True)
