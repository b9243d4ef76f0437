"""The tables that files of the subjects may define, and collecting them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import KW_ONLY, dataclass
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

import backoffice
from desk.acting import Permission
from desk.language.text import Param, Text
from desk.refusals import Refusal

Refusals = Mapping[type[Refusal], Text | Callable[[Any], Text]]
"""`REFUSALS` in `wording.py`: what each refusal says to staff, perhaps with its data."""


@dataclass(frozen=True, slots=True)
class Part:
    """`PARTS` in `navigation.py`: an entry of the main navigation."""

    path: str
    _: KW_ONLY
    icon: str
    label: Text
    permission: Permission
    place: int
    """The order: smaller numbers come first."""
    is_of_one_office: bool = False
    """True = its page is always about one office."""


Messages = Mapping[str, Text]
"""`MESSAGES` in `wording.py`: what each kind of message (`NoticeKind`) is called where it did not arrive."""


@dataclass(frozen=True, slots=True)
class EventWords:
    """How a kind of event is called in the history, and its sentence of who acted and what it was about."""

    name: Text
    sentence: Callable[[Param, Param], Text]
    changes: Callable[[Mapping[str, Any]], Iterator[Param]] | None = None
    """What changed, as sentences of the event's data, where a list of fields would not read like one."""


Events = Mapping[str, EventWords]
"""`EVENTS` in `wording.py`: the events of the subject, by their kind."""

Fields = Mapping[str, Text]
"""`FIELDS` in `wording.py`: how the fields are called whose old and new values an event holds."""

Labels = Mapping[tuple[str, str], Mapping[Any, Any]]
"""`LABELS` in `wording.py`: by the subject of an event and the field, how the codes of a vocabulary are called."""


def files_named(name: str) -> Iterator[ModuleType]:
    """The file of this name in each folder that has one."""
    for folder in iter_modules(backoffice.__path__, f"{backoffice.__name__}."):
        if folder.ispkg and find_spec(f"{folder.name}.{name}") is not None:
            yield import_module(f"{folder.name}.{name}")


def gathered(table: str, *, files: tuple[ModuleType, ...]) -> dict[Any, Any]:
    """The tables of this name in all files as one. Raises `ValueError` where two of them hold the same key."""
    whole: dict[Any, Any] = {}
    for file in files:
        more = vars(file).get(table, {})
        if twice := whole.keys() & more.keys():
            raise ValueError(f"{table} of {file.__name__} says once more: {sorted(map(str, twice))}")
        whole |= more
    return whole


def parts_in_order(files: tuple[ModuleType, ...] | None = None) -> tuple[Part, ...]:
    """The parts of all subjects in their order. Raises `ValueError` where two have the same path or place."""
    found = [part for file in files or tuple(files_named("navigation")) for part in file.PARTS]
    for what in ("path", "place"):
        if twice := [each for each, number in Counter(getattr(part, what) for part in found).items() if number > 1]:
            raise ValueError(f"more than one part of the navigation has the {what} {twice[0]}")
    return tuple(sorted(found, key=lambda part: part.place))
