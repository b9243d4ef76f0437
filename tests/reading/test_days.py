"""Days as people type them, from a Saturday: 30 Aban 1405."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.calendar import SolarDate
from desk.language.language import Language
from desk.language.text import FullDay, Locale
from desk.reading.days import Prefer, read_day, read_wished_day
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
        "یک هفته بعد",
        "7آذر",
        "۷آذر۱۴۰۵",
        "۷ آذرماه",
        "۷ آذر‌ماه",
        "هفتم آذر ماه سال ۱۴۰۵",
        "۷م آذر",
        "۷ قوس‌ماه",
        "14050907",
        "۱۴۰۵۰۹۰۷",
        "20261128",
        "شنبه ۷ قوس",
        "۱۴۰۵؍۹؍۷",
        "۱۴۰۵⁄۹⁄۷",
        "۷٫۹٫۱۴۰۵",
        "۷/۹/۱۴۰۵.",
        "۷ آذر؟",
        "۷ آذر؛",
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
        ("پس صبا", 2),
        ("پس‌صبا", 2),
        ("شنبهٔ گذشته", -7),
        ("جمعه پیش", -1),
        ("پنج‌شنبهٔ قبل", -2),
        ("۹ برج قوس", 9),
        ("۹ ماه قوس", 9),
        ("سه روز پیش", -3),
        ("شنبه", 0),
        ("یک‌شنبه", 1),
        ("سه شنبه", 3),
        ("جمعه", 6),
        ("۵ شنبه", 5),
        ("5شنبه", 5),
        ("پنج‌شنبه", 5),
        ("۳‌شنبه", 3),
        ("فردا ۱ آذر", 1),
        ("سی‌ام آذر", 30),
        ("سی ام آذر", 30),
        ("۳۰ام آذر", 30),
        ("۱۵ آبان‌ماه ۱۴۰۶", 350),
        ("دو هفته دیگر", 14),
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
    [
        "فردا ۷ آذر", "حدود ۷ آذر", "۷ آذر عصر", "۷ آذر ساعت ۹", "۶ شنبه", "14051332", "سه ماه", "-۷ آذر",
        "", "سلام", "۳۱ آذر", "شنبه ۸ آذر ۱۴۰۵", "۱۴۴۶/۱/۱", "1/1/1320", "۱۳/۱۳", "2026-13-01", "9999/99/99",
        "روز دیگر",
    ],
)  # fmt: skip
def test_what_is_not_certain_is_not_guessed(written: str) -> None:
    assert read_day(written, today=TODAY) is None


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("۱۵", 15),
        ("15", 15),
        ("پانزدهم", 15),
        ("۱۵م", 15),
        ("۱۵ ام", 15),
        ("روز ۱۵", 15),
        ("سوم", 3),
        ("روز بیست و یکم", 21),
    ],
)
def test_the_day_of_the_month_alone_is_the_next_such_day(written: str, day: int) -> None:
    read = read_wished_day(written, today=TODAY)
    assert read is not None
    assert SolarDate.from_day(read).day == day
    assert TODAY <= read < TODAY.plus(32)


@pytest.mark.parametrize("written", ["سی و دوم", "روز", "روزم", "۱۵ نفر و ۱۶ نفر", "۰", "ام"])
def test_what_is_no_day_of_a_month_is_no_day(written: str) -> None:
    assert read_wished_day(written, today=TODAY) is None


@given(st.integers(0, 400), st.sampled_from(Locale))
def test_what_is_shown_is_read_back(distance: int, locale: Locale) -> None:
    day = TODAY.plus(distance)
    shown = LANGUAGE.plain(FullDay(day), locale, today=TODAY)
    assert read_day(shown, today=TODAY) == day


@given(
    st.integers(-180, 400), st.sampled_from(["{d}{m}", "{d} {m}‌ماه", "{d}م {m}", "{d}ام {m}ماه {y}", "{y}{n:02}{d:02}"])
)
def test_a_date_is_read_in_every_shape(distance: int, shape: str) -> None:
    day = TODAY.plus(distance)
    solar = SolarDate.from_day(day)
    months = ["حمل", "ثور", "جوزا", "سرطان", "اسد", "سنبله", "میزان", "عقرب", "قوس", "جدی", "دلو", "حوت"]
    written = shape.format(d=solar.day, m=months[solar.month - 1], n=solar.month, y=solar.year)
    read = read_day(written, today=TODAY)
    assert read is not None
    found = SolarDate.from_day(read)
    assert (found.month, found.day) == (solar.month, solar.day)
    assert read == day or "{y}" not in shape


@given(typed)
def test_anything_typed_is_survived(text: str) -> None:
    read_day(text, today=TODAY)


LANGUAGE = Language.load()
