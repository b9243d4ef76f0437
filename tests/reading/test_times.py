"""Times of day as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.reading.times import read_part_of_day, read_time
from desk.values import ClockTime
from tests.language.params import typed


@pytest.mark.parametrize(
    ("written", "clock"),
    [
        ("9:30", ClockTime(9, 30)),
        ("ساعت ۹:۳۰", ClockTime(9, 30)),
        ("۹ و نیم", ClockTime(9, 30)),
        ("ساعت ۱۰ و ربع", ClockTime(10, 15)),
        ("٩", ClockTime(9, 0)),
        ("\u2066۱۴:۰۵\u2069", ClockTime(14, 5)),
        ("ساعت ۹ صبح", ClockTime(9, 0)),
        ("۳ بعدازظهر", ClockTime(15, 0)),
        ("۴ و نیم عصر", ClockTime(16, 30)),
        ("۲ بعد از چاشت", ClockTime(14, 0)),
        ("۱۲ ظهر", ClockTime(12, 0)),
        ("۱ ظهر", ClockTime(13, 0)),
        ("14:00 بعدازظهر", ClockTime(14, 0)),
        ("1:30 ب.ظ", ClockTime(13, 30)),
        ("1:30 ب ظ", ClockTime(13, 30)),
        ("۱۰ ق.ظ", ClockTime(10, 0)),
        ("ق.ظ. 9:15", ClockTime(9, 15)),
        ("4pm", ClockTime(16, 0)),
        ("4 P.M.", ClockTime(16, 0)),
        ("9:30am", ClockTime(9, 30)),
        ("12pm", ClockTime(12, 0)),
        ("ساعت نه", ClockTime(9, 0)),
        ("ساعت نه و نیم صبح", ClockTime(9, 30)),
        ("ده و ربع", ClockTime(10, 15)),
        ("یازده و بیست دقیقه", ClockTime(11, 20)),
        ("ساعت9", ClockTime(9, 0)),
        ("۹ شب", ClockTime(21, 0)),
        ("پیش از چاشت ۱۰", ClockTime(10, 0)),
        ("۱۰.۳۰", ClockTime(10, 30)),
        ("9:30.", ClockTime(9, 30)),
        ("ده بجه", ClockTime(10, 0)),
        ("۹:۳۰ بجه", ClockTime(9, 30)),
        ("ساعت ۳بجه بعد از چاشت", ClockTime(15, 0)),
        ("نه و نیم بجهٔ صبح", ClockTime(9, 30)),
        ("۹ونیم", ClockTime(9, 30)),
        ("شام ۶", ClockTime(18, 0)),
        ("۱ پس از چاشت", ClockTime(13, 0)),
        ("بجه", None),
        ("بجه بجه ۹", None),
        ("۱۲ شب", None),
        ("12am", None),
        ("نیمه‌شب", None),
        ("۲ شب", None),
        ("۱۳ صبح", None),
        ("صبح یا عصر ۴", None),
        ("۹ آذر", None),
        ("دفتر ۹", None),
        ("ساعت ۹ فردا", None),
        ("9 نه", None),
        ("-9", None),
        ("25:00", None),
        ("9:75", None),
        ("9 یا 10", None),
        ("صبح", None),
        ("1405", None),
    ],
)
def test_typed_times(written: str, clock: ClockTime | None) -> None:
    assert read_time(written) == clock


@pytest.mark.parametrize(
    ("written", "hours"),
    [
        ("صبح", (5, 12)),
        ("صبح باشه لطفا", (5, 12)),
        ("پیش از چاشت", (5, 12)),
        ("طرفای ظهر", (11, 14)),
        ("بعد از ظهر خوبه", (12, 18)),
        ("عصر", (15, 20)),
        ("شب", (17, 24)),
        ("صبح بخیر", None),
        ("فردا صبح", None),
        ("صبح یا عصر", None),
        ("امشب", None),
        ("صبح ساعت ۹", None),
        ("نیمه شب", None),
        ("نوبت", None),
    ],
)
def test_a_part_of_the_day_alone(written: str, hours: tuple[int, int] | None) -> None:
    assert read_part_of_day(written) == hours


@given(st.integers(1, 11), st.integers(0, 59), st.sampled_from(["ب.ظ", "بعد از ظهر", "pm", "بعدازچاشت"]))
def test_an_hour_of_the_afternoon(hour: int, minute: int, said: str) -> None:
    assert read_time(f"{hour}:{minute:02} {said}") == ClockTime(hour + 12, minute)
    assert read_time(f"{said} {hour}:{minute:02}") == ClockTime(hour + 12, minute)


@given(typed)
def test_no_typed_time_ends_in_a_fault(text: str) -> None:
    read_time(text)
    read_time(f"ساعت {text} ب.ظ")
    read_part_of_day(f"{text} عصر")
