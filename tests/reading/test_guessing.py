"""How easily others guess a secret: what people here take is known, and a long one costs little."""

from __future__ import annotations

import pytest
from zxcvbn import matching

from desk.reading.guessing import LONGEST_COMPARED, guesses


@pytest.mark.parametrize(
    ("easy", "like_it"),
    [
        ("zeinab1368", "a name and a solar year"),
        ("زینب۱۳۶۸", "the same in Persian letters and digits"),
        ("ｚｅｉｎａｂ１３６８", "and in wide ones"),
        ("زينب1368", "with the letters of an Arabic keyboard"),
        ("زَینب1368", "with a vowel mark"),
        ("rahimi1402", "a family name of both countries"),
        ("ضصثقفغعه", "a row of keys in Persian letters"),
        ("vpdld1402", "«رحیمی» typed on Latin keys"),
    ],
)
def test_what_people_here_take_is_found_in_few_tries(easy: str, like_it: str) -> None:
    assert guesses(easy) < 10**6, like_it


def test_what_somebody_knows_of_the_person_is_tried_first() -> None:
    assert guesses("بنفشه‌زار", knows=["بنفشه‌زار"]) < 100 < guesses("بنفشه‌زار")


def test_no_name_is_kept_by_the_package() -> None:
    guesses("something", knows=["گل‌آقا"])
    assert not matching.RANKED_DICTIONARIES["user_inputs"]


@pytest.mark.parametrize("long", ["ﷺ" * 500, "آ" * 500, "x1" * 5000, "½" * 200])
def test_a_long_secret_is_judged_by_its_beginning(long: str) -> None:
    """The package raises for one that is longer, and some signs come apart into many."""
    assert guesses(long) == guesses(long[:LONGEST_COMPARED]) > 0
