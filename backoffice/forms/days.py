"""Reads and shows days and times, as people type them in forms and as addresses hold them."""

from __future__ import annotations

import re
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from desk.calendar import TEHRAN, SolarDate, local_day_of
from desk.reading.days import Prefer, read_day
from desk.reading.folding import ascii_digits, persian_digits, strip_bidi
from desk.reading.times import read_time
from desk.values import ClockTime, LocalDay

_THREE_NUMBERS = re.compile(
    r"\s*(?:([0-9]{2,4})\s*[/\-.]\s*([0-9]{1,2})\s*[/\-.]\s*([0-9]{1,2})|([0-9]{4})([0-9]{2})([0-9]{2}))\s*", re.ASCII
)
_TODAY: ContextVar[LocalDay | None] = ContextVar("the day of the request", default=None)
_HYPHENS = re.compile("[\u2010-\u2015\u2212]")
SOLAR_YEARS = range(1300, 1500)
FIRST_DAY = SolarDate(SOLAR_YEARS[0], 1, 1).to_date()
LAST_DAY = SolarDate(SOLAR_YEARS[-1] + 1, 1, 1).to_date() - timedelta(days=1)
"""Days outside of these are typing mistakes: 4105 for 1405."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far from today a day may lie; what lies farther is a typing mistake, such as 1420 for 1402."""

    years_back: int
    years_ahead: int

    def around(self, today: date | None) -> tuple[date, date]:
        """The first and the last day; outside of a request those of the solar years that are understood at all."""
        if today is None:
            return FIRST_DAY, LAST_DAY
        solar = SolarDate.from_date(today)
        first = SolarDate(solar.year - self.years_back, solar.month, 1).to_date()
        after = SolarDate(solar.year + self.years_ahead, solar.month, 1).to_date() + timedelta(days=31)
        return max(first, FIRST_DAY), min(after, LAST_DAY)


PLANNED = Bounds(years_back=20, years_ahead=2)
"""What people plan: hours, closings, leave, statuses, roles, fees, and the days of lists."""
OF_LAW = Bounds(years_back=200, years_ahead=2)
"""Dates of laws and directives."""
THIS_CENTURY = 1400


def set_today(now: datetime) -> None:
    """Set today for the fields of this request, which read «فردا» and «۷ آذر» relative to it."""
    _TODAY.set(today_at(now, zone=TEHRAN))


def bounded_by(bounds: Bounds) -> tuple[date, date]:
    """The first and the last day that `read_date` takes in this request."""
    today = _TODAY.get()
    return bounds.around(None if today is None else today.date)


def read_date(typed: str, *, prefer: Prefer = Prefer.FUTURE, bounds: Bounds = PLANNED) -> date | None:
    """Read a day as `read_any_date` does; None also for one that lies too far from today."""
    day = read_any_date(typed, prefer=prefer)
    first, last = bounded_by(bounds)
    return day if day is not None and first <= day <= last else None


def read_any_date(typed: str, *, prefer: Prefer = Prefer.FUTURE) -> date | None:
    """Read «۱۴۰۵/۰۸/۳۰», «14050830», an ISO date, «۷ آذر», «۷ قوس», «شنبه» or «فردا», digits of any script.

    A year of two digits is a solar one of this century. Without a year the next such day is meant, or the last, as
    `prefer` says. Only days of the solar years 1300 to 1499 are understood; None for anything else.
    """
    found = _THREE_NUMBERS.fullmatch(_HYPHENS.sub("-", ascii_digits(strip_bidi(typed))))
    if found is None:
        today = _TODAY.get()
        day = read_day(typed, today=today, prefer=prefer) if today is not None else None
        return None if day is None else _within(day.date)
    year, month, day_of_month = (int(part) for part in found.groups() if part is not None)
    if year < 100:
        year += THIS_CENTURY
    try:
        return _within(
            SolarDate(year, month, day_of_month).to_date() if year in SOLAR_YEARS else date(year, month, day_of_month)
        )
    except ValueError:
        return None


def _within(day: date) -> date | None:
    return day if FIRST_DAY <= day <= LAST_DAY else None


def shown_date(day: date) -> str:
    """The day as date fields show it: «۱۴۰۵/۰۸/۳۰»; outside of the solar calendar as the ISO date."""
    try:
        solar = SolarDate.from_date(day)
    except ValueError:
        return day.isoformat()
    return persian_digits(f"{solar.year:04}/{solar.month:02}/{solar.day:02}")


def example_day(prefer: Prefer) -> str:
    """An example day, a week ahead or ago as `prefer` says; empty outside of a request."""
    today = _TODAY.get()
    return "" if today is None else shown_date(today.plus(7 if prefer is Prefer.FUTURE else -7).date)


def read_clock(typed: str) -> ClockTime | None:
    """Read «۸:۳۰», «8» or «ساعت ۸»; 24:00 is not a time."""
    return read_time(typed)


def today_at(now: datetime, *, zone: str) -> LocalDay:
    """The day it is in `zone`."""
    return local_day_of(now, zone=zone)
