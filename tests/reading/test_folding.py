"""Typed text brought to one form for storing, for comparing and for sorting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.reading.folding import (
    HIDDEN,
    alphabet_key,
    ascii_digits,
    clean,
    fold,
    holds,
    joined,
    persian_digits,
    strip_bidi,
)
from tests.language.params import typed

PERSIANATE = st.text("يكىةأإٱؤئۀە\u0654هٔآایک۰۱٢٣45\u200c\u200e\u2067\u0640\u064b\u0651\u0653 \n\tABßİ", max_size=12)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("علي", "علی"),
        ("كريم", "کریم"),
        ("مصطفى", "مصطفی"),
        ("فاطمة", "فاطمه"),
        ("أحمد", "احمد"),
        ("إبراهيم", "ابراهیم"),
        ("مؤمن", "مومن"),
        ("رئیس", "رییس"),
        ("خانۀ ما", "خانه ما"),
        ("خانهٔ ما", "خانه ما"),
        ("می‌خواهم", "می خواهم"),
        ("گل‌آغا", "گل اغا"),
        ("آمایش", "امايش"),
        ("شكايت", "شکایت"),
        ("مسئول", "مسیول"),
        ("72‑1102", "۷۲−۱۱۰۲"),
        ("72—1102", "72-1102"),
        ("१२३", "１２３"),
        ("Café", "CAFE"),
        ("ع\u3164لی", "علی"),
        ("کـــد", "کد"),
        ("مُحَمَّد", "محمد"),
        ("۱۲٣", "123"),
        ("  Ali\u200e   REZA ", "ali reza"),
    ],
)
def test_forms_that_are_the_same_when_searching(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_letters_that_differ_stay_apart() -> None:
    assert len({fold(letter) for letter in "ښځڅډړټګېڼ"}) == 9


@given(typed | PERSIANATE)
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(typed | PERSIANATE)
def test_cleaning_is_idempotent_and_leaves_folding_alone(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert strip_bidi(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("گل‌آغا رحیمی", "گل آغا"),
        ("گل‌آغا رحیمی", "گلاغا"),
        ("گل‌آغا رحیمی", "رحيمى گل"),
        ("دفتر ۷۲-۱۱۰۲", "72‑1102"),
        ("دفتر ۷۲-۱۱۰۲", "721102"),
        ("Money", "MONEY"),
        ("کارت آمایش", "امایش"),
    ],
)
def test_what_was_written_is_found_however_it_is_typed(text: str, wanted: str) -> None:
    assert holds(text, wanted)
    assert not holds(text, f"{wanted} کابل")


@given(typed | PERSIANATE)
def test_every_text_is_found_by_itself_and_by_its_stored_form(text: str) -> None:
    assert holds(text, text)
    assert holds(text, clean(text))
    assert joined(clean(text)) == joined(text)


def test_nothing_is_stored_that_nobody_can_see() -> None:
    assert clean("".join(HIDDEN)) == ""
    assert clean("\u200c \u3164\n\u200b") == ""
    assert clean("ع\u3164لی") == "علی"
    assert clean("👨\u200d👩\u200d👧 می\u200cآید ❤\ufe0f") == "👨\u200d👩\u200d👧 می\u200cآید ❤\ufe0f"


def test_a_letter_carries_no_heap_of_marks() -> None:
    assert len(clean("ع" + "\u0651\u064e" * 35 + "لی")) == 6
    assert clean("مُحَمَّد") == "مُحَمَّد"


@given(st.text(st.characters(categories=["Nd"])))
def test_digits_there_and_back(text: str) -> None:
    assert ascii_digits(text).isascii()
    assert fold(text) == ascii_digits(text)
    assert ascii_digits(persian_digits(text)) == ascii_digits(text)
    assert persian_digits(persian_digits(text)) == persian_digits(text)


def test_cleaning_keeps_letters_and_takes_away_what_hides() -> None:
    assert clean("  علي\u202e  رضا \r\n\r\n\r\n می‌آید\x00 ") == "علي رضا\n\nمی‌آید"
    assert clean("\ufeffسلام\tدنیا") == "سلام دنیا"


def test_the_order_of_the_alphabet() -> None:
    wanted = [
        "آبان",
        "اسد",
        "بهمن",
        "پنج",
        "تیر",
        "ثور",
        "چهار",
        "ژاله",
        "شهریور",
        "کرج",
        "گلستان",
        "لرستان",
        "هرات",
        "یزد",
    ]
    assert sorted(sorted(wanted), key=alphabet_key) == wanted
    assert sorted(wanted) != wanted
    assert alphabet_key("علي كريم") == alphabet_key("علی\u200c کریم")
