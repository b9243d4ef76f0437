"""Finds the long numbers in free text: what may be the number of a paper, a card, an account or a telephone.

A number has eight digits or more, of any script, with spaces, dashes, dots, tatweels or line breaks between them. What
is clearly an amount of money, a day or a time of day is none of them.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from desk.codes import LENGTHS, TrackingCode, is_well_formed

SHORTEST: Final = 8
"""So many digits may be the number of a paper; the numbers of offices and of hours have fewer."""
LONGEST_AMOUNT: Final = 10
"""An amount with a unit has at most so many digits; a number of more is no money, whatever stands behind it."""
MASK: Final = "••••"
"""What stands in the place of a number that is not kept."""

Knows = Callable[[TrackingCode], bool]
"""Whether the chat knows this code."""


class NumberSort(StrEnum):
    """What a long number looks like."""

    PHONE = "phone"
    CARD = "card"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class LongNumber:
    """A long number in a text: `text[start:end]`."""

    start: int
    end: int
    sort: NumberSort


Span = tuple[int, int]


class _Plain(dict[int, str | int]):
    """A table for `str.translate`, one sign for one: digits of every script as ASCII, Arabic ي and ك as Persian."""

    def __missing__(self, code: int) -> str | int:
        value = unicodedata.digit(chr(code), None)
        self[code] = found = code if value is None else str(value)
        return found


_PLAIN: Final = _Plain({ord("ي"): "ی", ord("ى"): "ی", ord("ك"): "ک"})
_BETWEEN: Final = r"(?:[^\w]|[_\u0640]){0,3}"
"""What may stand between two digits of one number: anything but letters. Many write a tatweel (ـ) as a dash."""
_IN_A_PHONE: Final = r"[\s\u200c\-\u2010-\u2015\u0640._()]{0,2}"
_RUN: Final = re.compile(rf"[0-9](?:{_BETWEEN}[0-9])*")
_BEFORE_A_NUMBER: Final = re.compile(r"[+(]{0,2}$")
_ON_A_DIGIT: Final = re.compile(r"[\ufe0f\u20e3]*")
"""What makes a picture of the digit before it."""

_IN_A_ROW: Final = rf"(?:{_IN_A_PHONE}[0-9])"
_SORTS: Final = (
    (NumberSort.PHONE, rf"(?:\+|00)?98(?:{_IN_A_PHONE}0)?{_IN_A_PHONE}[1-9]{_IN_A_ROW}{{9}}"),
    (NumberSort.PHONE, rf"0{_IN_A_PHONE}[1-9]{_IN_A_ROW}{{9}}"),
    (NumberSort.PHONE, rf"(?:(?:\+|00)?93{_IN_A_PHONE}|0)7{_IN_A_ROW}{{8}}"),
    (NumberSort.PHONE, r"9[0-9]{9}"),
    (NumberSort.CARD, rf"[1-9]{_IN_A_ROW}{{15}}"),
)
"""Telephones of Iran and of Afghanistan, also written without the first nought, and cards of a bank."""
_SHAPES: Final = tuple((sort, re.compile(rf"(?<![0-9]){shape}(?![0-9])")) for sort, shape in _SORTS)

_UNIT: Final = (
    r"[\s\u200c]{0,2}(?:هزار(?:(?![^\W\d_])|(?=توم|تمن|ریال))|میلیون|ملیون|میلیارد|توم[ان]|تمن(?!ا)|ریال|پیسه"
    r"|ت(?![^\W\d_])|(?:(?:tom[ae]n|tuman|rial)[is]?|irr|irt)(?![a-z]))"
)
"""No other word begins with one of these: who writes «Hazara» or «I beg» behind a number has written no amount."""
_AFGHANI: Final = r"[\s\u200c]{0,2}افغانی"
"""A unit, and what people say of themselves behind the number of their paper: only round amounts have it."""
_LONGEST_UNIT: Final = 12
_EXEMPT: Final = (
    # Thousands parted by a comma, or by another sign where the last three are noughts; with a unit by any of them.
    re.compile(r"(?<![0-9])(?<![0-9][.\-/,٬،])[1-9][0-9]{0,2}(?:[,٬،’'][0-9]{3}){1,3}(?![.\-/,٬،]?[0-9])"),
    re.compile(r"(?<![0-9])(?<![0-9][.\-/,٬،])[1-9][0-9]{0,2}(?:[/. ][0-9]{3}){0,2}[/. ]000(?![.\-/,٬،]?[0-9])"),
    re.compile(rf"(?<![0-9])[1-9][0-9]{{0,2}}(?:[,٬،’'/. \u200c][0-9]{{3}}){{1,3}}(?={_UNIT})", re.IGNORECASE),
    re.compile(rf"(?<![0-9])[1-9][0-9]{{0,{LONGEST_AMOUNT - 1}}}(?={_UNIT})", re.IGNORECASE),
    re.compile(rf"(?<![0-9])[1-9][0-9]{{0,{LONGEST_AMOUNT - 4}}}000(?={_AFGHANI})"),
    re.compile(rf"(?<=مبلغ )[1-9][0-9]{{0,{LONGEST_AMOUNT - 1}}}(?![0-9])"),
    # Days: 1405/09/08, 2026-11-29, 8/9/1405.
    re.compile(
        r"(?<![0-9])(?<![0-9][.\-/])(?:1[34]|19|20)[0-9]{2}([-/.])(?:0?[1-9]|1[0-2])\1(?:0?[1-9]|[12][0-9]|3[01])"
        r"(?![.\-/]?[0-9])"
    ),
    re.compile(
        r"(?<![0-9])(?<![0-9][.\-/])(?:0?[1-9]|[12][0-9]|3[01])([-/.])(?:0?[1-9]|1[0-2])\1(?:1[34]|19|20)[0-9]{2}"
        r"(?![.\-/]?[0-9])"
    ),
    # Times of day: 10:30.
    re.compile(r"(?<![0-9:])(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?![0-9:])"),
)


def long_numbers(text: str, *, knows: Knows) -> list[LongNumber]:
    """The long numbers of a text, in its order.

    A tracking code that the chat `knows` is none. What has the shape of a telephone or a card is a number even beside
    a unit of money.
    """
    plain = text if text.isascii() else text.translate(_PLAIN)
    return [number for run in _RUN.finditer(plain) for number in _in_run(plain, run.span(), knows=knows)]


def masked(text: str, numbers: Iterable[LongNumber]) -> str:
    """The text with `MASK` in the place of these numbers, which are given in its order."""
    parts: list[str] = []
    end = 0
    for number in numbers:
        parts += [text[end : number.start], MASK]
        end = number.end
    return "".join(parts) + text[end:]


def without_long_numbers(text: str, *, knows: Knows) -> str:
    """The text with `MASK` in the place of each long number."""
    return masked(text, long_numbers(text, knows=knows))


def only_phone_or_card(typed: str) -> str | None:
    """The digits of the one telephone or card in ``typed``, with «+» where it has one; None = none, or several."""
    plain = typed.translate(_PLAIN)
    found = {
        _digits(plain[start:end]): plain[start] == "+"
        for _sort, shape in _SHAPES
        for start, end in _spans(shape, plain)
    }
    longest = max(found, key=len, default="")
    if not longest or any(each not in longest for each in found):
        return None
    return f"+{longest}" if found[longest] else longest


def _in_run(plain: str, run: Span, *, knows: Knows) -> Iterator[LongNumber]:
    """The long numbers of a run of digits, between what of it is none."""
    if len(_digits(plain[slice(*run)])) < SHORTEST:
        return
    codes = list(_codes(plain, run, knows=knows))
    shaped = [(sort, span) for sort, shape in _SHAPES for span in _spans(shape, plain, within=run)]
    shaped = [(sort, span) for sort, span in shaped if not _meets(span, codes)]
    exempt = codes + [
        span
        for pattern in _EXEMPT
        for span in _spans(pattern, plain, within=run)
        if not _meets(span, [each for _sort, each in shaped])
    ]
    for start, end in _rest(run, exempt):
        digits = [place for place in range(start, end) if plain[place].isdecimal()]
        if len(digits) < SHORTEST:
            continue
        first, last = digits[0], digits[-1] + 1
        sort = next((sort for sort, span in shaped if _meets(span, [(first, last)])), NumberSort.OTHER)
        before = _BEFORE_A_NUMBER.search(plain, max(first - 2, 0), first)
        behind = _ON_A_DIGIT.match(plain, last)
        yield LongNumber(before.start() if before else first, behind.end() if behind else last, sort)


def _codes(plain: str, run: Span, *, knows: Knows) -> Iterator[Span]:
    """Where known tracking codes stand, in one group or in several."""
    groups = [match.span() for match in re.compile("[0-9]+").finditer(plain, *run)]
    for place, (start, _end) in enumerate(groups):
        joined = ""
        for begin, end in groups[place:]:
            joined += plain[begin:end]
            if len(joined) in LENGTHS and is_well_formed(joined) and knows(TrackingCode(joined)):
                yield start, end
            if len(joined) >= max(LENGTHS):
                break


def _spans(pattern: re.Pattern[str], plain: str, *, within: Span | None = None) -> Iterator[Span]:
    """Where the pattern stands, looking no further than a unit behind the run."""
    start, end = within or (0, len(plain))
    for match in pattern.finditer(plain, max(start - 2, 0), end + _LONGEST_UNIT):
        if start <= match.end() <= end:
            yield match.span()


def _meets(span: Span, others: Iterable[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _rest(run: Span, taken: Iterable[Span]) -> Iterator[Span]:
    """What of the run lies between the spans that are taken out of it."""
    at = run[0]
    for start, end in sorted(taken):
        if start > at:
            yield at, start
        at = max(at, end)
    if at < run[1]:
        yield at, run[1]


def _digits(text: str) -> str:
    return "".join(re.findall("[0-9]", text))
