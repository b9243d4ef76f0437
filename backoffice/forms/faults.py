"""Sets the focus of a form that came back: the first field with an error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wtforms import Form

from backoffice.forms.fields import BaseField


def focus_first_fault(values: Mapping[str, Any]) -> None:
    """Give the focus to the first field with an error or a concurrent change; a page has one focus."""
    for entry in _entries(values.values()):
        if entry.reasons or entry.meanwhile:
            entry.has_focus = True
            return


def _entries(values: Any) -> Iterator[BaseField]:
    for value in values:
        if isinstance(value, Form):
            yield from (field for field in value if isinstance(field, BaseField))
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield from _entries(each for each in value if isinstance(each, Form))
