"""For how many people a text wants something: a number beside «نفر», and nothing else."""

from __future__ import annotations

import pytest

from desk.reading.people_counted import people_in


@pytest.mark.parametrize(
    ("typed", "people", "rest"),
    [
        ("برای چهار نفر", 4, ""),
        ("برای ۴ نفر", 4, ""),
        ("۴ نفره", 4, ""),
        ("نوبت چهار نفره می‌خواهم", 4, "نوبت می خواهم"),
        ("برای سه نفر با هم در کرج", 3, "در کرج"),
        ("برای 2نفر", 2, ""),
    ],
)
def test_a_number_of_people_is_read(typed: str, people: int, rest: str) -> None:
    found, beside = people_in(typed)
    assert (found, " ".join(beside.split())) == (people, rest)


@pytest.mark.parametrize("typed", ["برای یک نفر", "چهار", "ساعت چهار", "چند نفر", "نفر چهارم", "برای 2000 نفر", ""])
def test_nothing_else_is(typed: str) -> None:
    assert people_in(typed) == (0, typed)
