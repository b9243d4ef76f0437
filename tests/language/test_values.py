"""Money, days, times, moments, phones and places."""

from datetime import UTC, datetime

import pytest

from desk.clock import SystemClock, now
from desk.values import ClockTime, Duration, GeoPoint, LocalDay, LocalMoment, Money


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


def test_clock_times_and_minutes() -> None:
    assert ClockTime.from_minutes(570) == ClockTime(9, 30)
    assert ClockTime(9, 30).minutes == 570
    with pytest.raises(ValueError, match="no such time"):
        ClockTime.from_minutes(24 * 60)
    assert Duration.hours(2) < Duration.days(1)
    with pytest.raises(ValueError, match="negative"):
        Duration(-1)


def test_distances_over_the_ground() -> None:
    tehran, karaj = GeoPoint(35.6892, 51.3890), GeoPoint(35.8400, 50.9391)
    assert tehran.distance_km(karaj) == pytest.approx(43.9, abs=0.5)
    assert tehran.distance_km(tehran) == 0
    with pytest.raises(ValueError, match="no such place"):
        GeoPoint(91, 0)


def test_the_clock_is_aware_and_in_utc() -> None:
    assert now().tzinfo is UTC
    assert SystemClock().now().tzinfo is UTC
