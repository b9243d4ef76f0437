"""What an event may say: which values something has, and which of them differ from before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from desk.language.text import Localised
from desk.values import Money

Data = Mapping[str, Any]
"""Ids, codes of vocabularies, amounts and days, and the texts that the office publishes; plain JSON values.

Never a name, never the number of a paper, never what somebody wrote or what was written about them.
"""


def plain(value: object) -> Any:
    """The value as it stands in an event; None for what says nothing."""
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
    """These attributes of a row as it is now."""
    return {name: plain(getattr(thing, name)) for name in names}


def differences(old: Data, new: Data) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of two states of the same thing the values that are not the same, before and after."""
    names = [name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name)]
    return {name: old.get(name) for name in names}, {name: new.get(name) for name in names}
