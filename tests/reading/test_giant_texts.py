"""A text as long as a messenger lets one be is read, or not, at once: while it is read nobody else is served."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import pytest

from bot.dialogue.slashes import behind_slash
from desk.people.rules import (
    DocumentKind,
    has_foreign_digits,
    looks_odd,
    number_in_words,
    read_identity_number,
    read_name,
)
from desk.reading.codes import read_code
from desk.reading.days import read_day
from desk.reading.numbers import read_amount, read_number
from desk.reading.phones import read_phone
from desk.reading.times import read_time
from desk.values import LocalDay

LONGEST = 4096
"""Letters of one message."""
GIANTS = {
    "a letter": "ه",
    "digits": "۹",
    "one digit of two figures": "⑩",
    "fractions": "½",
    "a sign for a whole sentence": "ﷺ",
    "figures between slashes": "1/",
    "spaces": "1 ",
    "brackets": "(",
    "a number run together": "میلیون",
    "months": "۵ آذر ۱۴۰۵ ",
    "marks": "ا\u064b\u0301",
}
READERS: dict[str, Callable[[str], object]] = {
    "a day": lambda typed: read_day(typed, today=LocalDay(date(2026, 11, 21))),
    "a time": read_time,
    "a number": read_number,
    "an amount": read_amount,
    "a code": read_code,
    "a phone": read_phone,
    "a name": read_name,
    "a paper": read_identity_number,
    "a paper, odd or not": lambda typed: looks_odd(typed, DocumentKind.PASSPORT),
    "a paper in a sentence": number_in_words,
    "a paper in other digits": has_foreign_digits,
    "a command": behind_slash,
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("giant", GIANTS)
def test_the_longest_message_costs_next_to_nothing(reader: str, giant: str) -> None:
    typed = (GIANTS[giant] * LONGEST)[:LONGEST]
    begun = time.process_time()
    READERS[reader](typed)
    assert time.process_time() - begun < 0.4  # it was up to nine seconds
