"""Public holidays of this year and the next, from the package `holidays`; those that follow the moon are estimated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import holidays

from desk.language.folding import persian_digits

ESTIMATED = "(تخمینی)"


@dataclass(frozen=True, slots=True)
class DayOff:
    """A public holiday; `is_confirmed` False = it follows the moon and may move by a day."""

    day: date
    name: str
    is_confirmed: bool


def days_off(year: int) -> list[DayOff]:
    """The public holidays of a Gregorian year and the year after it, in order; Fridays are not among them."""
    found = holidays.country_holidays("IR", years=[year, year + 1], language="fa_IR")
    return [
        DayOff(
            day=day,
            name=persian_digits(
                "، ".join(part.strip() for part in name.replace(ESTIMATED, "").replace(";", "؛").split("؛"))
            ),
            is_confirmed=ESTIMATED not in name,
        )
        for day, name in sorted(found.items())
    ]
