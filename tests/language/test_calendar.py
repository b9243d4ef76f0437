"""The Solar Hijri calendar against known dates, and wall clocks against instants."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.calendar import (
    FRIDAY,
    SATURDAY,
    SolarDate,
    instant_of,
    is_leap,
    local_day_of,
    month_length,
    weekday_of,
)
from desk.values import LocalDay


@pytest.mark.parametrize(
    ("solar", "gregorian", "weekday"),
    [
        ((1403, 3, 26), (2024, 6, 15), SATURDAY),
        ((1405, 9, 1), (2026, 11, 22), 1),
        ((1403, 12, 30), (2025, 3, 20), 5),
        ((1408, 1, 1), (2029, 3, 20), 3),
        ((1408, 12, 30), (2030, 3, 20), 4),
        ((1405, 1, 1), (2026, 3, 21), SATURDAY),
    ],
)
def test_known_dates(solar: tuple[int, int, int], gregorian: tuple[int, int, int], weekday: int) -> None:
    assert SolarDate(*solar).to_date() == date(*gregorian)
    assert SolarDate.from_date(date(*gregorian)) == SolarDate(*solar)
    assert SolarDate(*solar).weekday == weekday_of(date(*gregorian)) == weekday


def test_leap_years() -> None:
    leap = [year for year in range(1391, 1420) if is_leap(year)]
    assert leap == [1391, 1395, 1399, 1403, 1408, 1412, 1416]


@pytest.mark.parametrize("day", [(1404, 12, 30), (1407, 12, 30), (1405, 7, 31), (1405, 13, 1), (1405, 1, 0)])
def test_days_that_do_not_exist(day: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="no such"):
        SolarDate(*day)


@given(st.dates(date(1925, 1, 1), date(2120, 1, 1)))
def test_there_and_back(gregorian: date) -> None:
    assert SolarDate.from_date(gregorian).to_date() == gregorian


def test_the_length_of_a_month_and_the_day_of_the_week() -> None:
    assert [month_length(1405, month) for month in (1, 6, 7, 11, 12)] == [31, 31, 30, 30, 29]
    assert SolarDate.from_day(LocalDay.of(2026, 11, 27)).weekday == FRIDAY


def test_instants_and_walls() -> None:
    day = LocalDay.of(2026, 11, 28)
    assert instant_of(day, minutes=570) == datetime(2026, 11, 28, 6, 0, tzinfo=UTC)
    assert instant_of(day, minutes=570, zone="Asia/Kabul") == datetime(2026, 11, 28, 5, 0, tzinfo=UTC)
    assert instant_of(day, minutes=24 * 60) == instant_of(day.plus(1))
    assert local_day_of(datetime(2026, 11, 27, 20, 29, tzinfo=UTC)) == day.plus(-1)
    assert local_day_of(datetime(2026, 11, 27, 20, 30, tzinfo=UTC)) == day
    with pytest.raises(ValueError, match="zone"):
        local_day_of(datetime(2026, 11, 27))  # noqa: DTZ001 - a naive time is what must be refused


def test_iran_has_had_no_summer_time_since_2022() -> None:
    assert instant_of(LocalDay.of(2022, 7, 1), minutes=270) == datetime(2022, 7, 1, 0, 0, tzinfo=UTC)
    assert instant_of(LocalDay.of(2023, 7, 1), minutes=210) == datetime(2023, 7, 1, 0, 0, tzinfo=UTC)
