"""Values that are shown in a way other than their usual one: relative, in words, with the year, isolated."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from desk.codes import TrackingCode
from desk.values import LocalDay, LocalMoment


class Locale(StrEnum):
    """A language of the people: Persian as in Iran, or Dari as in Afghanistan."""

    FA = "fa"
    FA_AF = "fa_AF"

    @classmethod
    def parse(cls, tag: str | None) -> "Locale":
        """Return the language for a tag such as a messenger's ``language_code``; Persian where nothing says Dari.

        Speakers of Pashto and Uzbek are offered Dari first. A tag says nothing about nationality.
        """
        parts = (tag or "").replace("_", "-").lower().split("-")
        dari = parts[0] in ("prs", "ps", "pus", "uz", "uzb", "haz") or (parts[0] == "fa" and "af" in parts[1:])
        return cls.FA_AF if dari else cls.FA

    @property
    def tag(self) -> str:
        """The language tag of a web page: ``fa-IR`` or ``fa-AF``."""
        return "fa-AF" if self is Locale.FA_AF else "fa-IR"


@dataclass(frozen=True, slots=True, init=False)
class Localised:
    """A text written by staff, one for each language; Dari falls back to Persian, then to whatever there is."""

    texts: tuple[tuple[Locale, str], ...]

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Take the texts by locale name; empty ones count as absent. An unknown locale is a ValueError."""
        kept = sorted((Locale(name), text) for name, text in texts.items() if text and text.strip())
        object.__setattr__(self, "texts", tuple(kept))  # the way a frozen dataclass sets its own field

    def for_locale(self, locale: Locale) -> str:
        """Return the text for ``locale``, else the Persian one, else any, else nothing."""
        found = ""
        for name, text in self.texts:
            if name is locale:
                return text
            if not found or name is Locale.FA:
                found = text
        return found

    def to_mapping(self) -> dict[str, str]:
        """Return the texts by locale name, as they are stored."""
        return {name.value: text for name, text in self.texts}

    def __bool__(self) -> bool:
        return bool(self.texts)


@dataclass(frozen=True, slots=True)
class Latin:
    """Latin letters or digits, isolated from the Persian text around them."""

    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """The number of an office, a receipt or a letter (``72-1102``): Persian digits, kept in order."""

    text: str


@dataclass(frozen=True, slots=True)
class Near:
    """A day or moment relative to today: today, tomorrow, in three days; the date where today is unknown or far
    away."""

    when: LocalDay | LocalMoment


@dataclass(frozen=True, slots=True)
class FullDay:
    """A day with its year."""

    day: LocalDay


@dataclass(frozen=True, slots=True)
class ShortDay:
    """A day without its year and with one name of its month, which fits on a button in any month."""

    day: LocalDay


@dataclass(frozen=True, slots=True)
class SolarMonth:
    """A Solar Hijri month with its year; month 1-12."""

    year: int
    month: int


@dataclass(frozen=True, slots=True)
class SpokenCode:
    """A tracking code spelled out digit by digit, for reading aloud."""

    code: TrackingCode


@dataclass(frozen=True, slots=True)
class InWords:
    """A count in words up to ten, in digits above."""

    count: int


@dataclass(frozen=True, slots=True)
class InToman:
    """An amount without the rial: «۲۷۰ هزار تومان»."""

    toman: int


@dataclass(frozen=True, slots=True)
class Ordinal:
    """First, second, third … in words up to ten, in digits above; from 1."""

    place: int

    @classmethod
    def of(cls, index: int) -> Self:
        """Return the ordinal of an index that counts from 0."""
        return cls(index + 1)
