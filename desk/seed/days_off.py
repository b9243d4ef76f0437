"""The public holidays of this year and the next two, from the package `holidays`; lunar ones are estimates."""

from __future__ import annotations

from datetime import date, datetime

import holidays

from desk.capacity.actions import KnownHoliday, fill_holidays
from desk.consequences.actions import find_stranded
from desk.consequences.hit import Reach, stranded
from desk.language.text import Localised
from desk.reading.folding import persian_digits
from desk.storage.base import WriteSession

ESTIMATED = "(تخمینی)"
YEARS = 3
"""The number of Gregorian years that are kept filled, well beyond the booking window."""


def days_off(year: int, *, years: int = YEARS) -> list[KnownHoliday]:
    """The public holidays of a Gregorian year and those after it, in order; Fridays are not among them."""
    found = holidays.country_holidays("IR", years=list(range(year, year + years)), language="fa_IR")
    return [
        KnownHoliday(
            day=day,
            name=Localised(
                {
                    "fa": persian_digits(
                        "، ".join(part.strip() for part in name.replace(ESTIMATED, "").replace(";", "؛").split("؛"))
                    )
                }
            ),
            is_confirmed=ESTIMATED not in name,
        )
        for day, name in sorted(found.items())
    ]


def keep_filled(session: WriteSession, *, today: date, now: datetime) -> int:
    """Write the missing holidays of these years from `today` on; returns their number.

    People who already have an appointment on such a day appear on the office's list at once.
    """
    known = [each for each in days_off(today.year) if each.day >= today]
    written = fill_holidays(session, known=known, now=now)
    queues = {
        appointment.queue_id
        for day in written
        for appointment in stranded(session, reach=Reach(day=day), now=now).values()
    }
    for queue_id in sorted(queues):
        find_stranded(session, queue_id=queue_id, now=now)
    return len(written)
