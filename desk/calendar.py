"""The Solar Hijri calendar and the office's wall clock: conversions between days, weeks and instants.

The arithmetic is that of the Iranian calendar (persiantools, equal to ICU for 1300-1499); Dari texts change only the
names of the months.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from persiantools.jdatetime import JalaliDate

from desk.values import LocalDay, LocalMoment, zone_named

TEHRAN: Final = "Asia/Tehran"
SATURDAY: Final = 0
FRIDAY: Final = 6


@dataclass(frozen=True, slots=True, order=True)
class SolarDate:
    """A date of the Solar Hijri calendar, such as 7 Azar 1405.

    Raises:
        ValueError: there is no such date.
    """

    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        if not 1 <= self.year <= 3000 or not 1 <= self.day <= month_length(self.year, self.month):
            raise ValueError(f"no such solar date: {self.year}/{self.month}/{self.day}")

    @classmethod
    def from_date(cls, gregorian: date) -> SolarDate:
        """Return the solar date of a Gregorian one."""
        solar = JalaliDate(gregorian)  # type: ignore[no-untyped-call]  # persiantools leaves its constructor untyped
        return cls(solar.year, solar.month, solar.day)

    @classmethod
    def from_day(cls, day: LocalDay) -> SolarDate:
        """Return the solar date of a day."""
        return cls.from_date(day.date)

    def to_date(self) -> date:
        """Return the Gregorian date."""
        solar = JalaliDate(self.year, self.month, self.day)  # type: ignore[no-untyped-call]  # as above
        return solar.to_gregorian()

    def to_day(self) -> LocalDay:
        """The same day as a `LocalDay`."""
        return LocalDay(self.to_date())

    @property
    def weekday(self) -> int:
        """The day of the week from Saturday = 0 to Friday = 6."""
        return self.to_day().weekday


def weekday_of(gregorian: date) -> int:
    """Return the day of the week of a Gregorian date from Saturday = 0 to Friday = 6."""
    return LocalDay(gregorian).weekday


def weekday_bits(weekdays: Iterable[int]) -> int:
    """Weekdays as a number with a bit for each: Saturday = 1, Sunday = 2 …"""
    return sum(1 << weekday for weekday in set(weekdays))


def weekdays_in(bits: int) -> frozenset[int]:
    """The weekdays of `weekday_bits`."""
    return frozenset(weekday for weekday in range(7) if bits >> weekday & 1)


def is_leap(year: int) -> bool:
    """Whether Esfand of the solar ``year`` has 30 days."""
    return bool(JalaliDate.is_leap(year))


def month_length(year: int, month: int) -> int:
    """Return the days of a solar month, 29 to 31; raises ValueError for a month outside 1-12."""
    if not 1 <= month <= 12:
        raise ValueError(f"no such month: {month}")
    if month <= 6:
        return 31
    return 30 if month < 12 or is_leap(year) else 29


def local_day_of(instant: datetime, *, zone: str = TEHRAN) -> LocalDay:
    """Return the day the wall calendar in ``zone`` shows at an aware ``instant``; raises ValueError when naive."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return LocalDay(instant.astimezone(zone_named(zone)).date())


def day_or_moment(instant: datetime, *, zone: str = TEHRAN) -> LocalDay | LocalMoment:
    """The moment, to be shown; where it is the beginning of a day, that day: of some things no more is known."""
    day = local_day_of(instant, zone=zone)
    return day if instant == instant_of(day, zone=zone) else LocalMoment(instant, zone)


def instant_of(day: LocalDay, *, minutes: int = 0, zone: str = TEHRAN) -> datetime:
    """Return the instant, aware and in UTC, at which clocks in ``zone`` show so many minutes after midnight of ``day``.

    Minutes from 1440 on fall on the days after. A time that a clock change skips is taken as before the change.
    """
    days, rest = divmod(minutes, 24 * 60)
    wall = datetime.combine(day.date + timedelta(days=days), time(rest // 60, rest % 60), tzinfo=zone_named(zone))
    return wall.astimezone(UTC)
