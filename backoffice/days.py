"""Days and times as people type them in forms and as addresses carry them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from desk.calendar import SolarDate, local_day_of
from desk.language.folding import ascii_digits, persian_digits, strip_bidi
from desk.values import ClockTime, LocalDay

_THREE_NUMBERS = re.compile(r"\s*([0-9]{2,4})\s*[/\-.]\s*([0-9]{1,2})\s*[/\-.]\s*([0-9]{1,2})\s*", re.ASCII)
SOLAR_YEARS = range(1300, 1500)
FIRST_DAY = SolarDate(SOLAR_YEARS[0], 1, 1).to_date()
LAST_DAY = SolarDate(SOLAR_YEARS[-1] + 1, 1, 1).to_date() - timedelta(days=1)
"""Whatever lies outside is a slip of the finger: 4105 for 1405."""
THIS_CENTURY = 1400


def read_date(typed: str) -> date | None:
    """Read «۱۴۰۵/۰۸/۳۰» or an ISO date, digits of any script; a year of two digits is a solar one of this century.

    Only days of the solar years 1300 to 1499 are understood; None for anything else.
    """
    found = _THREE_NUMBERS.fullmatch(ascii_digits(strip_bidi(typed)))
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups())
    if year < 100:
        year += THIS_CENTURY
    try:
        found_day = SolarDate(year, month, day).to_date() if year in SOLAR_YEARS else date(year, month, day)
    except ValueError:
        return None
    return found_day if FIRST_DAY <= found_day <= LAST_DAY else None


def shown_date(day: date) -> str:
    """The day as the date fields show it: «۱۴۰۵/۰۸/۳۰», solar; beyond the solar calendar as the ISO date."""
    try:
        solar = SolarDate.from_date(day)
    except ValueError:
        return day.isoformat()
    return persian_digits(f"{solar.year:04}/{solar.month:02}/{solar.day:02}")


def read_clock(typed: str) -> ClockTime | None:
    """Read «۸:۳۰», «8» or «ساعت ۸»; 24:00 is not a time."""
    return ClockTime.parse(typed)


def today_at(now: datetime, *, zone: str) -> LocalDay:
    """The day it is in `zone`."""
    return local_day_of(now, zone=zone)
