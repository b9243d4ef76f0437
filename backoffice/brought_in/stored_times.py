"""Times and days as a spreadsheet keeps them: a part of a day, and the days since the end of 1899."""

from __future__ import annotations

import re
from datetime import date, timedelta

from backoffice.forms.days import shown_date

MINUTES = 24 * 60
NEARLY = 0.02
"""How far from a whole minute a kept time may lie, in minutes: what a spreadsheet rounds is far less."""
DAY_NULL = date(1899, 12, 30)
DAYS = range(36_526, 73_416)
"""The numbers that are read as days: 2000 to 2100."""
_PART = re.compile(r"0?\.[0-9]{1,20}", re.ASCII)
_COUNT = re.compile(r"[0-9]{5}", re.ASCII)


def typed_time(text: str) -> str:
    """A time as people type it where the cell holds a part of a day, such as 0.375 for 9:00; else the text itself."""
    if _PART.fullmatch(text) is None:
        return text
    minutes = float(text) * MINUTES
    whole = round(minutes)
    if abs(minutes - whole) > NEARLY or whole >= MINUTES:
        return text
    return f"{whole // 60}:{whole % 60:02}"


def typed_day(text: str) -> str:
    """A day as people type it where the cell holds the number of a day, such as 46378; else the text itself."""
    if _COUNT.fullmatch(text) is None or int(text) not in DAYS:
        return text
    return shown_date(DAY_NULL + timedelta(days=int(text)))
