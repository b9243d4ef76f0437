"""Days as people type them, from a Saturday: 30 Aban 1405."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.calendar import SolarDate
from desk.language.language import Language
from desk.language.text import FullDay, Locale
from desk.language.typed_dates import Prefer, read_day
from desk.values import LocalDay
from tests.language.params import typed

TODAY = LocalDay.of(2026, 11, 21)
SEVENTH_OF_AZAR = LocalDay.of(2026, 11, 28)


@pytest.mark.parametrize(
    "written",
    [
        "۷ آذر",
        "7/9/1405",
        "۷/۹",
        "٧/٩/١٤٠٥",
        "1405-09-07",
        "۷/۹/۰۵",
        "۷ قوس",
        "هفتم آذر",
        "هفت قوس",
        "شنبه ۷ آذر",
        "روز شنبه، ۷ آذر ۱۴۰۵",
        "۷ آذر ماه ۱۴۰۵",
        "2026-11-28",
        "هفت روز دیگر",
        "۷ روز بعد",
    ],
)
def test_the_seventh_of_azar(written: str) -> None:
    assert read_day(written, today=TODAY) == SEVENTH_OF_AZAR


@pytest.mark.parametrize(
    ("written", "distance"),
    [
        ("امروز", 0),
        ("فردا", 1),
        ("پس‌فردا", 2),
        ("پس فردا", 2),
        ("دیروز", -1),
        ("پریروز", -2),
        ("سه روز پیش", -3),
        ("شنبه", 0),
        ("یک‌شنبه", 1),
        ("سه شنبه", 3),
        ("جمعه", 6),
    ],
)
def test_days_near(written: str, distance: int) -> None:
    assert read_day(written, today=TODAY) == TODAY.plus(distance)


def test_the_past_is_preferred_where_asked() -> None:
    assert read_day("جمعه", today=TODAY, prefer=Prefer.PAST) == TODAY.plus(-1)
    assert read_day("شنبه", today=TODAY, prefer=Prefer.PAST) == TODAY
    assert read_day("۷ آذر", today=TODAY, prefer=Prefer.PAST) == SolarDate(1404, 9, 7).to_day()
    assert read_day("۳۰ آبان", today=TODAY, prefer=Prefer.PAST) == TODAY
    assert read_day("بیست و یکم مهر", today=TODAY, prefer=Prefer.PAST) == SolarDate(1405, 7, 21).to_day()


def test_a_leap_day_is_found_years_ahead() -> None:
    assert read_day("۳۰ حوت", today=TODAY) == SolarDate(1408, 12, 30).to_day()


@pytest.mark.parametrize(
    "written",
    ["", "سلام", "۳۱ آذر", "شنبه ۸ آذر ۱۴۰۵", "۱۴۴۶/۱/۱", "1/1/1320", "۱۳/۱۳", "2026-13-01", "9999/99/99", "روز دیگر"],
)
def test_what_is_not_certain_is_not_guessed(written: str) -> None:
    assert read_day(written, today=TODAY) is None


@given(st.integers(0, 400), st.sampled_from(Locale))
def test_what_is_shown_is_read_back(distance: int, locale: Locale) -> None:
    day = TODAY.plus(distance)
    shown = LANGUAGE.plain(FullDay(day), locale, today=TODAY)
    if locale is Locale.FA_AF:
        shown = shown[: shown.index("(")] + shown[shown.index(")") + 1 :]
    assert read_day(shown, today=TODAY) == day


@given(typed)
def test_anything_typed_is_survived(text: str) -> None:
    read_day(text, today=TODAY)


LANGUAGE = Language.load()
