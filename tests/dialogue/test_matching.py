"""A typed answer matches the button it means, in any letters, digits and spaces."""

from __future__ import annotations

import pytest

from bot.dialogue.matching import by_label, by_words

BUTTONS = ("🪪 کارت آمایش", "👤 گل‌آغا رحیمی", "📣 شکایت کنید", "📍 دفتر ۷۲-۱۱۰۲، کرج", "🏠 صفحهٔ اول")


def label(option: str) -> str:
    return option


def plain(text: object) -> str:
    return str(text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("امایش", 0),
        ("كارت امايش", 0),
        ("گل آغا", 1),
        ("گلآغا", 1),
        ("گل‌اغا", 1),
        ("رحيمى", 1),
        ("شكايت", 2),
        ("شـکـایت", 2),
        ("72‑1102", 3),
        ("دفتر ٧٢–١١٠٢", 3),
        ("صفحه اول", 4),
        ("صفحه‌ی", None),
        ("رفتن", None),
        ("ما", None),
    ],
)
def test_a_part_of_one_label_is_enough(typed: str, meant: int | None) -> None:
    assert by_words(typed, BUTTONS, label, plain) == (None if meant is None else BUTTONS[meant])


@pytest.mark.parametrize("typed", ["کارت امایش", "کارت‌آمایش", "كارتآمايش", "🪪کارت  آمایش"])
def test_the_words_of_a_label_are_the_label(typed: str) -> None:
    assert by_label(typed, BUTTONS, label, plain) == BUTTONS[0]


def test_marks_and_hidden_letters_are_no_words() -> None:
    assert by_label("🏠", BUTTONS, label, plain) is None
    assert by_label("\u3164", ("\u3164", "🏠"), label, plain) is None


def test_two_numbers_are_not_run_together() -> None:
    assert by_words("1:30", ("13:00", "14:00"), label, plain) is None
    assert by_label("1/11", ("11/1",), label, plain) is None
    assert by_words("۹ ۳۰", ("ساعت ۹:۳۰", "ساعت ۱۰:۳۰"), label, plain) == "ساعت ۹:۳۰"
