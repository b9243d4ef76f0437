"""Fields for numbers, money, days and times; digits of any script are read, Persian ones are shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from backoffice.forms.days import (
    PLANNED,
    Bounds,
    bounded_by,
    example_day,
    read_any_date,
    read_clock,
    shown_date,
)
from backoffice.forms.fields import BaseField, Reason
from desk.language.text import Reference, Text, words
from desk.reading.days import Prefer
from desk.reading.folding import ascii_digits, persian_digits
from desk.reading.numbers import read_amount, read_number
from desk.values import Money

_ = words("forms")

NO_SUCH_DAY = _("Please write a day such as 1405/08/30, 7 Azar or tomorrow.")
MINUS = "-−‐‑–﹣－"  # characters that keyboards produce for minus

_POINTS = str.maketrans(dict.fromkeys("٫/,،", "."))
_UNSEEN = "\u200e\u200f\u2066\u2067\u2068\u2069 "


def _is_negative(typed: str) -> bool:
    """Whether there is a minus at either end: in right-to-left text people write it on both sides."""
    bare = typed.strip(_UNSEEN)
    return bare.startswith(tuple(MINUS)) or bare.endswith(tuple(MINUS))


class Number(BaseField):
    """A whole number between two bounds."""

    kind = "number"

    def __init__(self, title: Text, *, least: int = 0, most: int = 1_000_000, **rest: Any) -> None:
        super().__init__(title, is_ltr=True, longest=20, **rest)
        self.least = least
        self.most = most

    def write(self, data: int) -> str:
        """The number in Persian digits."""
        return persian_digits(str(data))

    def read(self, typed: str) -> int:
        """The number, in digits of any script or in words."""
        number = read_number(typed.strip(f"{MINUS}{_UNSEEN}"))
        if number is None:
            raise Reason(_("Please write a number, such as 12."))
        if _is_negative(typed) or not self.least <= number <= self.most:
            raise Reason(_("Please write a number from {least} to {most}.", least=self.least, most=self.most))
        return number


class Decimal(BaseField):
    """A number with a fraction between two bounds, such as degrees on the map."""

    kind = "number"

    def __init__(self, title: Text, *, least: float, most: float, **rest: Any) -> None:
        super().__init__(title, is_ltr=True, longest=24, **rest)
        self.least = least
        self.most = most

    def write(self, data: float) -> str:
        """The number in Persian digits."""
        return persian_digits(str(data))

    def read(self, typed: str) -> float:
        """The number; the fraction may follow a point, a Persian decimal sign, a comma or a slash."""
        try:
            number = float(ascii_digits(typed).translate(_POINTS))
        except ValueError:
            raise Reason(_("Please write a number such as 35.6892.")) from None
        if not self.least <= number <= self.most:
            raise Reason(_("There is no such place on the map."))
        return number


class Toman(BaseField):
    """An amount typed in whole toman, kept as Money."""

    kind = "number"

    def __init__(self, title: Text, **rest: Any) -> None:
        super().__init__(title, is_ltr=True, longest=24, **rest)

    def write(self, data: Money) -> str:
        """Toman with a separator every three digits."""
        return persian_digits(f"{data.toman:,}".replace(",", "٬"))

    def read(self, typed: str) -> Money:
        """The amount, in toman unless a unit is given; an ambiguous one is an error."""
        readings = read_amount(typed)
        if not readings or readings[0] > MOST or readings[0].rial % 10:
            raise Reason(_("Please write the amount in toman, such as 27000."))
        if readings[0] == Money(0) or not _is_doubtful(typed, readings[0]):
            return readings[0]
        raise Reason(_("Is it {amount}? Then please write {n}.", amount=readings[0], n=readings[0].toman))


MOST = Money.from_toman(1_000_000_000)


def _is_doubtful(typed: str, likeliest: Money) -> bool:
    """Whether the likeliest amount differs from the literal one: «27» for 27 thousand toman."""
    to_the_letter = read_number(typed)
    return to_the_letter is not None and likeliest != Money.from_toman(to_the_letter)


class Day(BaseField):
    """A day of the solar calendar, kept as a date; «۷ آذر» without a year is the next one, or the last (`prefer`)."""

    kind = "day"

    def __init__(self, title: Text, *, prefer: Prefer = Prefer.FUTURE, bounds: Bounds = PLANNED, **rest: Any) -> None:
        super().__init__(title, is_ltr=True, longest=40, **rest)
        self.prefer = prefer
        self.bounds = bounds

    @property
    def example(self) -> str:
        """An example day, some days ahead or ago."""
        return example_day(self.prefer)

    def write(self, data: date) -> str:
        """The day as text of the field."""
        return shown_date(data)

    def read(self, typed: str) -> date:
        """The date; one that lies too far from today is asked back."""
        day = read_any_date(typed, prefer=self.prefer)
        if day is None:
            raise Reason(NO_SUCH_DAY)
        first, last = bounded_by(self.bounds)
        if not first <= day <= last:
            days = {"first": Reference(shown_date(first)), "last": Reference(shown_date(last))}
            raise Reason(_("Please look at the year: days from {first} to {last} can be written here.", **days))
        return day


class TimeOfDay(BaseField):
    """A time of day, kept as minutes after midnight; 24:00 ends a day."""

    kind = "number"

    def __init__(self, title: Text, **rest: Any) -> None:
        super().__init__(title, is_ltr=True, longest=24, **rest)

    def write(self, data: int) -> str:
        """Hours and minutes."""
        return persian_digits(f"{data // 60:02}:{data % 60:02}")

    def read(self, typed: str) -> int:
        """Minutes after midnight."""
        if ascii_digits(typed).replace(" ", "") == "24:00":
            return 24 * 60
        time = read_clock(typed)
        if time is None:
            raise Reason(_("Please write a time such as 8:30."))
        return time.minutes
