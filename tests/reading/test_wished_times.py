"""When somebody wishes an appointment is read from what they write, alone or among other words."""

from __future__ import annotations

import pytest

from desk.reading.wished_times import (
    WishedTime,
    number_readings,
    read_wished_time,
    stored_wish,
    wished_time_in,
)
from desk.values import ClockTime, LocalDay

TODAY = LocalDay.of(2026, 11, 29)  # Sunday, 8 Azar
MORNING, AFTERNOON = (5, 12), (12, 18)
TEN = ClockTime(10, 0)


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("ساعت ده", WishedTime(hour=TEN)),
        ("ده بجه", WishedTime(hour=TEN)),
        ("۹:۳۰", WishedTime(hour=ClockTime(9, 30))),
        ("صبح", WishedTime(part=MORNING)),
        ("بعد از ظهر", WishedTime(part=AFTERNOON)),
        ("بعد از چاشت", WishedTime(part=AFTERNOON)),
        ("فردا", WishedTime(TODAY.plus(1))),
        ("صبا", WishedTime(TODAY.plus(1))),
        ("سبا", WishedTime(TODAY.plus(1))),
        ("پس فردا", WishedTime(TODAY.plus(2))),
        ("پیشین", WishedTime(part=AFTERNOON)),
        ("صبا نماز دیگر", WishedTime(TODAY.plus(1), part=(15, 20))),
        ("هفتهٔ بعد", WishedTime(TODAY.plus(7))),
        ("اول ماه", WishedTime(LocalDay.of(2026, 12, 22))),
        ("10 azar", WishedTime(LocalDay.of(2026, 12, 1))),
        ("پانزدهم", WishedTime(LocalDay.of(2026, 12, 6))),
        ("فردا صبح", WishedTime(TODAY.plus(1), part=MORNING)),
        ("صبح فردا", WishedTime(TODAY.plus(1), part=MORNING)),
        ("شنبه ساعت ۱۰", WishedTime(TODAY.plus(6), hour=TEN)),
        ("ساعت ده شنبه", WishedTime(TODAY.plus(6), hour=TEN)),
    ],
)
def test_a_wished_time_is_read_whole(typed: str, wanted: WishedTime) -> None:
    assert read_wished_time(typed, today=TODAY) == wanted
    assert stored_wish(wanted.stored, today=TODAY) == wanted


@pytest.mark.parametrize("typed", ["", "۱۵", "نه", "دیروز", "قیمت", "فردا هوا خوب است", "شنبه یا یکشنبه", "نوبت"])
def test_what_is_no_wished_time_is_not_read_as_one(typed: str) -> None:
    assert read_wished_time(typed, today=TODAY) is None


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("برای فردا صبح نوبت می‌خواهم", (WishedTime(TODAY.plus(1), part=MORNING), "نوبت می خواهم")),
        ("نوبت برای شنبه ساعت ده", (WishedTime(TODAY.plus(6), hour=TEN), "نوبت")),
        ("کرج فردا ساعت ۱۰", (WishedTime(TODAY.plus(1), hour=TEN), "کرج")),
        ("نوبت پس فردا در کرج", (WishedTime(TODAY.plus(2)), "نوبت در کرج")),
        ("۲ نفر نوبت می‌خواهیم", (None, "۲ نفر نوبت می‌خواهیم")),
        ("نوبت می‌خواهم", (None, "نوبت می‌خواهم")),
    ],
)
def test_a_wished_time_is_found_between_other_words(typed: str, wanted: tuple[WishedTime | None, str]) -> None:
    assert wished_time_in(typed, today=TODAY) == wanted


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("۱۵", (WishedTime(LocalDay.of(2026, 12, 6)), WishedTime(hour=ClockTime(15, 0)))),
        ("۲۰", (WishedTime(LocalDay.of(2026, 12, 11)),)),
        ("۴۵", ()),
        ("شنبه", ()),
    ],
)
def test_a_number_alone_may_be_a_day_and_an_hour(typed: str, wanted: tuple[WishedTime, ...]) -> None:
    assert number_readings(typed, today=TODAY) == wanted


@pytest.mark.parametrize("made_up", ["", "__", "99999999__", "20261128__", "_9999_", "__1", "x"])
def test_a_link_that_was_made_up_or_is_old_wishes_nothing(made_up: str) -> None:
    assert stored_wish(made_up, today=TODAY) is None


def test_a_time_fits_within_the_hour_that_was_named_or_in_the_part() -> None:
    assert WishedTime(hour=TEN).fits(ClockTime(10, 30))
    assert not WishedTime(hour=TEN).fits(ClockTime(11, 0))
    assert not WishedTime(hour=TEN).fits(ClockTime(9, 59))
    assert WishedTime(part=MORNING).fits(ClockTime(11, 59))
    assert not WishedTime(part=MORNING).fits(ClockTime(12, 0))
