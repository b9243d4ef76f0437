"""Drafts: the answers of a person in a flow, as a typed dataclass and as stored JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from types import UnionType
from typing import Any, Final, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

from bot.dialogue.questions import Json

D = TypeVar("D")


class BrokenDraft(Exception):
    """A stored draft does not fit the flow any more, as after an update; the flow begins again."""


class UnknownField(Exception):
    """An answer sets a field that the draft does not have: a programming error, raised before anything is stored."""


class Shape(Generic[D]):
    """The fields of a draft, read once at import.

    A field whose empty value is a dataclass is a part: the draft of a block. Drafts have slots, so that no code can
    set a field that nothing stores.
    """

    def __init__(self, draft: type[D]) -> None:
        if not dataclasses.is_dataclass(draft) or not hasattr(draft, "__slots__"):
            raise TypeError(f"{draft.__name__} has to be a dataclass with slots.")
        self.draft: Final = draft
        self._order: Final = tuple(field.name for field in dataclasses.fields(draft))
        self.fields: Final = frozenset(self._order)
        self._empty: Final[D] = draft()
        hints = get_type_hints(draft)
        self._types: Final = {name: _types_of(hints[name]) for name in self._order}
        self._parts: Final[dict[str, Shape[Any]]] = {
            name: Shape(type(value))
            for name in self._order
            if dataclasses.is_dataclass(value := getattr(self._empty, name)) and not isinstance(value, type)
        }

    def new(self) -> D:
        return self.draft()

    def part(self, of: Callable[[D], Any]) -> str:
        """The name of the field that the function `of` reads from a draft."""
        found = [name for name in self._parts if getattr(self._empty, name) is of(self._empty)]
        if len(found) != 1:
            raise TypeError(f"This is no part of {self.draft.__name__}.")
        return found[0]

    def require(self, names: Iterable[str]) -> None:
        """Raises `UnknownField` unless the draft has all of them."""
        if not self.fields.issuperset(names):
            unknown = ", ".join(sorted(set(names) - self.fields))
            raise UnknownField(f"{self.draft.__name__} has no field {unknown}.")

    def get(self, draft: D, path: str) -> Any:
        """The value of a field or of `<part>.<field>`; None where the draft has none of this name."""
        part, _dot, field = path.rpartition(".")
        said: Any = draft if not part else getattr(draft, part) if part in self._parts else None
        return getattr(said, field, None)

    def set(self, draft: D, path: str, value: Json) -> None:
        """Set an existing field, named as in `get`."""
        part, _dot, field = path.rpartition(".")
        setattr(getattr(draft, part) if part else draft, field, value)

    def is_empty(self, draft: D, field: str) -> bool:
        """Whether the field is empty."""
        empty: bool = getattr(draft, field) == getattr(self._empty, field)
        return empty

    def forget(self, draft: D, names: Iterable[str]) -> None:
        """Reset these fields to their empty values."""
        fresh = self.draft()
        for name in names:
            setattr(draft, name, getattr(fresh, name))

    def load(self, data: Mapping[str, Json]) -> D:
        """The typed draft of stored JSON. Raises `BrokenDraft` where a field is unknown or its value of another type.

        Fields that earlier versions stored outside of a part are moved into it.
        """
        if not isinstance(data, Mapping):
            raise BrokenDraft(self.draft.__name__)
        given = dict(data)
        for name in data.keys() - self.fields:
            owners = [part for part, shape in self._parts.items() if name in shape.fields]
            if len(owners) != 1 or not isinstance(given.setdefault(owners[0], {}), dict):
                raise BrokenDraft(self.draft.__name__)
            given[owners[0]] = {**given[owners[0]], name: given.pop(name)}
        for name, shape in self._parts.items():
            if name in given:
                if not isinstance(given[name], Mapping):
                    raise BrokenDraft(self.draft.__name__)
                given[name] = shape.load(given[name])
        for name, value in given.items():
            types = self._types[name]
            # To Python, True is a number.
            if not isinstance(value, types) or (value.__class__ is bool and bool not in types and object not in types):
                raise BrokenDraft(self.draft.__name__)
        return self.draft(**given)

    def dump(self, draft: D) -> dict[str, Json]:
        """The fields that differ from an empty draft, so that stored states stay small."""
        said: dict[str, Json] = {}
        for name in self._order:
            value = getattr(draft, name)
            if value != getattr(self._empty, name):
                part = self._parts.get(name)
                said[name] = value if part is None else part.dump(value)
        return said


def _types_of(hint: Any) -> tuple[type, ...]:
    """The types whose values a field of this annotation may hold; of a list or dict the elements are not looked at."""
    if get_origin(hint) in (Union, UnionType):
        return tuple(found for each in get_args(hint) for found in _types_of(each))
    found = get_origin(hint) or hint
    return (found,) if isinstance(found, type) else (object,)
