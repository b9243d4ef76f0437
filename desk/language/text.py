"""Texts as data: an English message id with typed parameters, without a language until it is rendered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from operator import itemgetter

from desk.codes import PublicId, TrackingCode
from desk.language.shown import (
    FullDay,
    InToman,
    InWords,
    Latin,
    Locale,
    Localised,
    Near,
    Ordinal,
    Reference,
    ShortDay,
    SolarMonth,
    SpokenCode,
)
from desk.language.template import names_in
from desk.values import ClockTime, Duration, LocalDay, LocalMoment, Money, Phone

__all__ = [
    "FullDay",
    "InToman",
    "InWords",
    "Joined",
    "Joint",
    "Latin",
    "Link",
    "Locale",
    "Localised",
    "Near",
    "Ordinal",
    "Param",
    "Reference",
    "ShortDay",
    "SolarMonth",
    "SpokenCode",
    "Text",
    "Words",
    "inline",
    "lines",
    "paragraphs",
    "series",
    "words",
]

_placeholders = lru_cache(maxsize=None)(names_in)
_NAME = itemgetter(0)


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence: its gettext context, its English id, and its parameters in order of name.

    Ids may hold ``{name}`` placeholders, ``**bold**`` and doubled braces for single ones.

    Raises:
        ValueError: the parameters are not exactly the placeholders of the id.
    """

    context: str
    id: str
    params: tuple[tuple[str, Param], ...] = ()

    def __post_init__(self) -> None:
        if dict(self.params).keys() != _placeholders(self.id):
            given = ", ".join(name for name, _ in self.params) or "nothing"
            raise ValueError(f"{self.context}: {self.id!r} was given {given}")


@dataclass(frozen=True, slots=True)
class Words:
    """Makes texts of one context: ``_ = words("book")``, then ``_("Which day suits you?")``."""

    context: str

    def __call__(self, message_id: str, /, **params: Param) -> Text:
        """Return the text; the id is a literal, so that the message extractor finds it."""
        return Text(self.context, message_id, tuple(sorted(params.items(), key=_NAME)) if params else ())


def words(context: str) -> Words:
    """Return the maker of texts of ``context``; bind it once at the top of a module, with a literal context."""
    return Words(context)


class Joint(StrEnum):
    """What separates joined parts."""

    LINE = "line"
    PARAGRAPH = "paragraph"
    DOT = "dot"
    SERIES = "series"


@dataclass(frozen=True, slots=True)
class Joined:
    """Several parts one after the other."""

    parts: tuple[Param, ...]
    joint: Joint = Joint.LINE

    def __iter__(self) -> Iterator[Param]:
        return iter(self.parts)

    def __bool__(self) -> bool:
        return bool(self.parts)


@dataclass(frozen=True, slots=True)
class Link:
    """A web address; shown by its label where the messenger can, else in full."""

    url: str
    label: Param = ""


Param = (
    str
    | int
    | Money
    | LocalDay
    | LocalMoment
    | ClockTime
    | Duration
    | TrackingCode
    | PublicId
    | Phone
    | Localised
    | Latin
    | Reference
    | Near
    | FullDay
    | ShortDay
    | SolarMonth
    | SpokenCode
    | InToman
    | InWords
    | Ordinal
    | Link
    | Joined
    | Text
)


def _joined(parts: tuple[Param | None, ...], joint: Joint) -> Joined:
    return Joined(tuple(part for part in parts if part is not None), joint)


def lines(*parts: Param | None) -> Joined:
    """Return the parts under each other; None is left out."""
    return _joined(parts, Joint.LINE)


def paragraphs(*parts: Param | None) -> Joined:
    """Return the parts under each other with an empty line between; None is left out."""
    return _joined(parts, Joint.PARAGRAPH)


def inline(*parts: Param | None) -> Joined:
    """Return the parts on one line with a middle dot between; None is left out."""
    return _joined(parts, Joint.DOT)


def series(*parts: Param | None) -> Joined:
    """Return the parts as a list in a sentence, the last one after "and"; None is left out."""
    return _joined(parts, Joint.SERIES)
