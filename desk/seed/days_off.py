"""Public holidays of this year and the two after it, from the package `holidays`; those of the moon are estimated."""

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
"""Gregorian years that are kept filled: far beyond the days that can be booked, so that no day is sold unknown."""


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
    """Write what is missing of the holidays of this year and the years after it, from `today` on; how many.

    Nobody is there to be asked, so whoever has an appointment on such a day comes to the list of the office at once.
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
