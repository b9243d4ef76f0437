"""How easily others guess a secret: what people here take is known, and a long one costs little."""

from __future__ import annotations

from typing import Any

import pytest
from zxcvbn import matching

from desk.reading.guessing import _KEYS as KEYS
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


@pytest.mark.parametrize("year", ["1300", "1368", "1399", "1402"])
def test_a_solar_year_is_as_easy_as_any_other_year(year: str) -> None:
    assert guesses(f"bqvtz{year}") <= guesses("bqvtz2019") * 1.01
    assert guesses(f"bqvtz{year}") < guesses("bqvtz8471") / 10, "four figures that are no year"


@pytest.mark.parametrize("row", ["ضصثقفغعهخح", "شسیبلاتنم", "ظطزرذدپو"])
def test_each_row_of_persian_keys_is_as_easy_as_the_latin_one(row: str) -> None:
    assert guesses(row) < 10**5


@pytest.mark.parametrize("word", ["میزبان", "ldcfhk", "kefalat", "پرسپولیس", "پرسپولیس".translate(KEYS)])
def test_words_of_this_place_are_known_in_any_letters(word: str) -> None:
    assert guesses(f"{word}1402") < 10**6


def test_what_somebody_knows_of_the_person_is_tried_first() -> None:
    assert guesses("بنفشه‌زار", knows=["بنفشه‌زار"]) < 100 < guesses("بنفشه‌زار")


def test_no_name_is_kept_by_the_package() -> None:
    guesses("something", knows=["گل‌آقا"])
    assert not matching.RANKED_DICTIONARIES["user_inputs"]


@pytest.mark.parametrize("long", ["ﷺ" * 500, "آ" * 500, "x1" * 5000, "½" * 200])
def test_a_long_secret_is_judged_by_its_beginning(long: str) -> None:
    """The package raises for one that is longer, and some signs come apart into many."""
    assert guesses(long) == guesses(long[:LONGEST_COMPARED]) > 0


@pytest.mark.parametrize("signs", ["4@8({[<369!|1705$+7%2", "({[<4@1!|6937+"])
def test_signs_that_look_like_letters_cost_no_more_than_others(signs: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package searched one secret 480 times, for 20 seconds, while nobody else could choose one."""
    searched, search = [0], matching.dictionary_match

    def counting(password: str, *given: Any, **named: Any) -> Any:
        searched[0] += len(password) ** 2
        return search(password, *given, **named)

    monkeypatch.setattr(matching, "dictionary_match", counting)
    assert guesses(signs * 10) > 10**15  # what is judged of it is long enough to be a good one
    assert searched[0] < 1_000_000
    assert guesses("p@$$w0rd1!") < 10**6
