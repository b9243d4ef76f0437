"""Money, days, times, moments, phones and places."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.clock import SystemClock, now
from desk.values import ClockTime, Duration, GeoPoint, LocalDay, LocalMoment, Money, Phone
from tests.language.params import typed


def test_money_counts_in_rial_and_speaks_in_toman() -> None:
    fee = Money.from_toman(27_000)
    assert fee == Money(270_000)
    assert fee.toman == 27_000
    assert fee + Money(5) - Money(5) == fee
    assert fee * 2 > fee


def test_money_is_never_negative() -> None:
    with pytest.raises(ValueError, match="negative"):
        Money(-1)
    with pytest.raises(ValueError, match="negative"):
        Money(1) - Money(2)


def test_days_count_from_saturday() -> None:
    saturday = LocalDay.of(2024, 6, 15)
    assert saturday.weekday == 0
    assert saturday.plus(-1).weekday == 6
    assert saturday.until(saturday.plus(9)) == 9
    assert saturday < saturday.plus(1)


def test_a_moment_shows_the_wall_clock_of_its_zone() -> None:
    instant = datetime(2026, 11, 27, 21, 15, tzinfo=UTC)
    assert LocalMoment(instant).day == LocalDay.of(2026, 11, 28)
    assert LocalMoment(instant).clock == ClockTime(0, 45)
    assert LocalMoment(instant, "Asia/Kabul").clock == ClockTime(1, 45)
    with pytest.raises(ValueError, match="zone"):
        LocalMoment(datetime(2026, 11, 27))  # noqa: DTZ001 - a naive time is what must be refused


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
    assert ClockTime.parse(written) == clock


@given(st.integers(1, 11), st.integers(0, 59), st.sampled_from(["ب.ظ", "بعد از ظهر", "pm", "بعدازچاشت"]))
def test_an_hour_of_the_afternoon(hour: int, minute: int, said: str) -> None:
    assert ClockTime.parse(f"{hour}:{minute:02} {said}") == ClockTime(hour + 12, minute)
    assert ClockTime.parse(f"{said} {hour}:{minute:02}") == ClockTime(hour + 12, minute)


@given(typed)
def test_no_typed_time_ends_in_a_fault(text: str) -> None:
    ClockTime.parse(text)
    ClockTime.parse(f"ساعت {text} ب.ظ")


def test_clock_times_and_minutes() -> None:
    assert ClockTime.from_minutes(570) == ClockTime(9, 30)
    assert ClockTime(9, 30).minutes == 570
    with pytest.raises(ValueError, match="no such time"):
        ClockTime.from_minutes(24 * 60)
    assert Duration.hours(2) < Duration.days(1)
    with pytest.raises(ValueError, match="negative"):
        Duration(-1)


@pytest.mark.parametrize(
    "typed", ["09121234567", "۰۹۱۲ ۱۲۳ ۴۵۶۷", "+98 912 1234567", "0098-912-1234567", "٠٩١٢١٢٣٤٥٦٧"]
)
def test_iranian_phones(typed: str) -> None:
    assert Phone.parse(typed) == Phone("+989121234567")


def test_an_afghan_number_is_asked_about_not_guessed() -> None:
    typed = "۰۷۰ ۱۲۳ ۴۵۶۷"
    assert Phone.parse(typed) is None
    assert Phone.may_be_afghan(typed)
    assert Phone.parse(typed, region="AF") == Phone("+93701234567")
    assert not Phone.may_be_afghan("09121234567")


@pytest.mark.parametrize("typed", ["", "سلام", "123", "0912123456", "482173051"])
def test_what_is_no_phone(typed: str) -> None:
    assert Phone.parse(typed) is None


def test_distances_over_the_ground() -> None:
    tehran, karaj = GeoPoint(35.6892, 51.3890), GeoPoint(35.8400, 50.9391)
    assert tehran.distance_km(karaj) == pytest.approx(43.9, abs=0.5)
    assert tehran.distance_km(tehran) == 0
    with pytest.raises(ValueError, match="no such place"):
        GeoPoint(91, 0)


def test_the_clock_is_aware_and_in_utc() -> None:
    assert now().tzinfo is UTC
    assert SystemClock().now().tzinfo is UTC
