"""Numbers and amounts as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.language.format import grouped
from desk.language.language import Language
from desk.language.text import Locale
from desk.reading.folding import persian_digits
from desk.reading.numbers import read_amount, read_number
from desk.values import Money
from tests.language.params import typed


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("27000", 27_000),
        ("۲۷٬۰۰۰", 27_000),
        ("٢٧٠٠٠", 27_000),
        ("27,000", 27_000),
        ("27.000", 27_000),
        ("۲۷/۰۰۰", 27_000),
        ("27 000", 27_000),
        ("۲۷ هزار", 27_000),
        ("27هزار", 27_000),
        ("27.5 هزار", 27_500),
        ("۲۷ هزار تومان", 27_000),
        ("بیست و هفت هزار", 27_000),
        ("بیست‌و‌هفت هزار و پانصد", 27_500),
        ("دو میلیون و سیصد هزار", 2_300_000),
        ("هزار", 1_000),
        ("چهار صد", 400),
        ("سه‌صد", 300),
        ("دوصد", 200),
        ("صد و بیست و سه", 123),
        ("یک", 1),
        ("ده", 10),
        ("اول", 1),
        ("دهم", 10),
        ("گزینهٔ ۲", 2),
        ("۲.", 2),
        ("۵ نفر", 5),
        ("صفر", 0),
        ("یک و نیم میلیون", 1_500_000),
        ("یک میلیون و نیم", 1_500_000),
        ("نیم میلیون", 500_000),
        ("۱٫۱۵ میلیون", 1_150_000),
        ("۵۰هزارتومان", 50_000),
        ("دوهزار", 2_000),
        ("بیستوهفتهزار", 27_000),
        ("بیست\u200cوهفت\u200cهزار", 27_000),
        ("دویست‌وپنجاه", 250),
        ("१२", 12),
    ],
)
def test_numbers(written: str, number: int) -> None:
    assert read_number(written) == number


@pytest.mark.parametrize(
    "written",
    [
        "-5000", "5000-", "−۵", "100$", "$100", "20%", "+5", "50 دلار", "۵۰ افغانی", "۵ یا کمتر", "27-30 هزار",
        "یک و نیم", "1.250 میلیون", "پنج و", "و پنج", "نیم", "هزار و نیم", "۲۷۰۰۰۰ ریال", "دهزار",
        "", "سلام", "و", "2 3", "پنج بیست", "هزار میلیون", "۲ یا ۳", "1.5", "دفتر ۲", "9" * 30, "سه " * 60,
    ],
)  # fmt: skip
def test_what_is_no_number(written: str) -> None:
    assert read_number(written) is None


@given(st.integers(0, 10**12))
def test_digits_are_read_back(number: int) -> None:
    assert read_number(persian_digits(str(number))) == read_number(grouped(number)) == number


@given(st.integers(0, 10**9), st.sampled_from(["دلار", "$", "افغانی", "کیلو", "€", "%", "یا بیشتر"]), st.booleans())
def test_no_word_around_a_number_is_dropped(number: int, word: str, comes_first: bool) -> None:
    text = f"{word} {number}" if comes_first else f"{number} {word}"
    assert read_number(text) is None
    assert read_amount(text) == ()


@given(typed)
def test_anything_typed_is_survived(text: str) -> None:
    read_number(text)
    read_amount(text)


@pytest.mark.parametrize(
    ("written", "rial"),
    [
        ("۲۷ هزار تومان", [270_000]),
        ("بیست و هفت هزار تومن", [270_000]),
        ("27000", [270_000]),
        ("۲۷ تومان", [270_000, 270]),
        ("27", [270_000, 270]),
        ("270000 ریال", [270_000]),
        ("۲۷۰۰۰۰ تومان", [2_700_000]),
        ("۲۷۰۰۰۰", [2_700_000, 270_000]),
        ("۰", [0]),
        ("یک و نیم میلیون تومان", [15_000_000]),
        ("۵۰هزارتومان", [500_000]),
        ("دو میلیون و پانصد", [25_000_000, 20_005_000]),
        ("270000﷼", [270_000]),
        ("100$", []),
        ("-5000", []),
        ("۵۰ هزار تومان و یک گوشی", []),
        ("حدود ۵۰ هزار تومان", [500_000]),
        ("رایگان بود", []),
        ("۲۷ هزار تومان یا ریال", []),
    ],
)
def test_amounts(written: str, rial: list[int]) -> None:
    assert [money.rial for money in read_amount(written)] == rial


@given(st.integers(1_000, 10**9).map(Money.from_toman))
def test_a_shown_amount_is_read_back(money: Money) -> None:
    shown = LANGUAGE.plain(money, Locale.FA)
    assert read_amount(shown[: shown.index(" (")]) == (money,)


LANGUAGE = Language.load()
