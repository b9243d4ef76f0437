"""The words that every page and conversation shares: months, weekdays, digits, ordinals, relative days."""

from desk.language.text import Text, words

_month = words("month")
_short_month = words("month on a button")
_weekday = words("weekday")
_number = words("number")
_ordinal = words("ordinal")

_MONTHS = (
    _month("Farvardin"),
    _month("Ordibehesht"),
    _month("Khordad"),
    _month("Tir"),
    _month("Mordad"),
    _month("Shahrivar"),
    _month("Mehr"),
    _month("Aban"),
    _month("Azar"),
    _month("Dey"),
    _month("Bahman"),
    _month("Esfand"),
)
_SHORT_MONTHS = (
    _short_month("Farvardin"),
    _short_month("Ordibehesht"),
    _short_month("Khordad"),
    _short_month("Tir"),
    _short_month("Mordad"),
    _short_month("Shahrivar"),
    _short_month("Mehr"),
    _short_month("Aban"),
    _short_month("Azar"),
    _short_month("Dey"),
    _short_month("Bahman"),
    _short_month("Esfand"),
)
"""One name each, for the width of a button: Dari has both elsewhere."""
_WEEKDAYS = (
    _weekday("Saturday"),
    _weekday("Sunday"),
    _weekday("Monday"),
    _weekday("Tuesday"),
    _weekday("Wednesday"),
    _weekday("Thursday"),
    _weekday("Friday"),
)
_NUMBERS = (
    _number("zero"),
    _number("one"),
    _number("two"),
    _number("three"),
    _number("four"),
    _number("five"),
    _number("six"),
    _number("seven"),
    _number("eight"),
    _number("nine"),
    _number("ten"),
)
_ORDINALS = (
    _ordinal("first"),
    _ordinal("second"),
    _ordinal("third"),
    _ordinal("fourth"),
    _ordinal("fifth"),
    _ordinal("sixth"),
    _ordinal("seventh"),
    _ordinal("eighth"),
    _ordinal("ninth"),
    _ordinal("tenth"),
)


def month(number: int) -> Text:
    """Return the name of a solar month, 1-12; in Dari with the Iranian name in brackets."""
    return _MONTHS[number - 1]


def short_month(number: int) -> Text:
    """Return the one name of a month that fits on a button; 1-12."""
    return _SHORT_MONTHS[number - 1]


def weekday(number: int) -> Text:
    """Return the name of a day of the week, Saturday = 0."""
    return _WEEKDAYS[number]


def number(count: int) -> Text | int:
    """Return a count in words up to ten, and as it is above."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else count


def ordinal(place: int) -> Text:
    """Return first, second, third …; raises ValueError below 1."""
    if place < 1:
        raise ValueError("places count from 1")
    return _ORDINALS[place - 1] if place <= len(_ORDINALS) else _ordinal("number {n}", n=place)
