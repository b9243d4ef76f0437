"""What an event may hold: plain values, and which of them differ from before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from desk.language.text import Localised
from desk.values import Money

Data = Mapping[str, Any]
"""Plain JSON values: ids, codes of vocabularies, amounts, days, and texts that the office publishes.

Never a name, the number of a paper, or a text that somebody wrote or that is about somebody.
"""


def plain(value: object) -> Any:
    """The JSON form of a value; None for an empty one."""
    match value:
        case Localised():
            return dict(value.to_mapping()) or None
        case Money():
            return value.rial
        case date():
            return value.isoformat()
        case list() | tuple():
            return [plain(each) for each in value]
    return value


def values_of(thing: object, *names: str) -> dict[str, Any]:
    """The plain values of these attributes of a row."""
    return {name: plain(getattr(thing, name)) for name in names}


def differences(old: Data, new: Data) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values that differ between two states of the same thing, before and after."""
    names = [name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]
    return {name: old.get(name) for name in names}, {name: new.get(name) for name in names}
