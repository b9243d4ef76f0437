"""The values that all subjects use: money, days, times, durations, phones and places."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo, reset_tzpath

HOME_REGION: Final = "IR"
"""The country of a telephone number that has no country code."""

_EARTH_RADIUS_KM = 6371.0088
_MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in whole Iranian rial, never negative; people count in toman (1 toman = 10 rial).

    Raises:
        ValueError: the amount would be negative.
    """

    rial: int

    def __post_init__(self) -> None:
        if self.rial < 0:
            raise ValueError("money cannot be negative")

    @classmethod
    def from_toman(cls, toman: int) -> Money:
        """Return the amount of so many toman."""
        return cls(toman * 10)

    @property
    def toman(self) -> int:
        """The whole toman in the amount, rounded down."""
        return self.rial // 10

    def __add__(self, other: Money) -> Money:
        return Money(self.rial + other.rial)

    def __sub__(self, other: Money) -> Money:
        return Money(self.rial - other.rial)

    def __mul__(self, times: int) -> Money:
        return Money(self.rial * times)


@dataclass(frozen=True, slots=True, order=True)
class LocalDay:
    """A day of an office's local calendar, stored as the Gregorian date."""

    date: date

    @classmethod
    def of(cls, year: int, month: int, day: int) -> LocalDay:
        """Return the day of a Gregorian year, month and day."""
        return cls(date(year, month, day))

    @property
    def weekday(self) -> int:
        """The day of the week from Saturday = 0 to Friday = 6."""
        return (self.date.weekday() + 2) % 7

    def plus(self, days: int) -> LocalDay:
        """Return the day so many days later, or earlier when negative."""
        return LocalDay(self.date + timedelta(days=days))

    def until(self, other: LocalDay) -> int:
        """Return how many days it is to ``other``; negative when that is in the past."""
        return (other.date - self.date).days


@dataclass(frozen=True, slots=True, order=True)
class ClockTime:
    """A time of day at an office, 0:00 to 23:59.

    Raises:
        ValueError: there is no such time.
    """

    hour: int
    minute: int

    def __post_init__(self) -> None:
        if not (0 <= self.hour < 24 and 0 <= self.minute < 60):
            raise ValueError(f"no such time: {self.hour}:{self.minute}")

    @classmethod
    def from_minutes(cls, minutes: int) -> ClockTime:
        """Return the time so many minutes after midnight."""
        return cls(minutes // 60, minutes % 60)

    @property
    def minutes(self) -> int:
        """Minutes since midnight."""
        return self.hour * 60 + self.minute


# Time zones come from the pinned package `tzdata` alone: a machine whose own files are older than 2022 would still use
# daylight saving time for Tehran, and shift all appointments in summer.
reset_tzpath(to=())


@lru_cache(maxsize=8)
def zone_named(name: str) -> ZoneInfo:
    """Return the time zone of an IANA name; raises ZoneInfoNotFoundError for an unknown one.

    The only place where a ZoneInfo is made.
    """
    return ZoneInfo.no_cache(name)


@dataclass(frozen=True, slots=True)
class LocalMoment:
    """An instant with the zone of an office; ``zone`` is an IANA name.

    Raises:
        ValueError: the instant is naive.
    """

    instant: datetime
    zone: str = "Asia/Tehran"

    def __post_init__(self) -> None:
        if self.instant.tzinfo is None:
            raise ValueError("a moment needs a time zone")

    @property
    def day(self) -> LocalDay:
        """The local day in the zone."""
        return LocalDay(self.instant.astimezone(zone_named(self.zone)).date())

    @property
    def clock(self) -> ClockTime:
        """The local time of day in the zone."""
        local = self.instant.astimezone(zone_named(self.zone))
        return ClockTime(local.hour, local.minute)


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """A length of time in whole minutes, never negative.

    Raises:
        ValueError: the length would be negative.
    """

    minutes: int

    def __post_init__(self) -> None:
        if self.minutes < 0:
            raise ValueError("a duration cannot be negative")

    @classmethod
    def hours(cls, count: int) -> Duration:
        """Return so many hours."""
        return cls(count * 60)

    @classmethod
    def days(cls, count: int) -> Duration:
        """Return so many days of 24 hours."""
        return cls(count * _MINUTES_OF_A_DAY)


_E164 = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Phone:
    """A telephone number in E.164 form, such as ``+989121234567``.

    Raises:
        ValueError: the number is not in that form.
    """

    e164: str

    def __post_init__(self) -> None:
        if _E164.fullmatch(self.e164) is None:
            raise ValueError("not an E.164 telephone number")


@dataclass(frozen=True, slots=True)
class GeoPoint:
    """A place on the map in degrees, latitude -90 to 90 and longitude -180 to 180 (WGS 84).

    Raises:
        ValueError: there is no such place.
    """

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValueError("no such place")

    def distance_km(self, other: GeoPoint) -> float:
        """Return the distance over the ground in kilometres (haversine, good to half a percent)."""
        here, there = math.radians(self.latitude), math.radians(other.latitude)
        half_north = (there - here) / 2
        half_east = math.radians(other.longitude - self.longitude) / 2
        chord = math.sin(half_north) ** 2 + math.cos(here) * math.cos(there) * math.sin(half_east) ** 2
        return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))
