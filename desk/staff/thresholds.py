"""From which numbers the alarms about how much staff read are written; the settings of an installation may differ."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From which number within an hour an account is reported, and which hours of the day are working hours."""

    people: int = 200
    """Different people seen."""
    people_out_of_hours: int = 20
    people_of_other_days: int = 60
    """Different people on lists of days that are not around today."""
    looked_up: int = 40
    """Codes and numbers of papers looked for, found or not."""
    opens: int = 6
    """The hour at which the working day begins in Tehran; Fridays have none."""
    closes: int = 20


DEFAULTS = Thresholds()
