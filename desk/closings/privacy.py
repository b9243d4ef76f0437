"""What closings hold of people: nothing; the members of staff stand in the history too."""

from __future__ import annotations

from desk.parts import Kept, Privacy

_OF_A_DAY = Kept("hours and counters of a day, which are published")

PRIVACY = Privacy(
    columns={
        "closings.wish": _OF_A_DAY,
        "closings.undone_by": Kept("who of the staff did it"),
        "closed_days.before": _OF_A_DAY,
        "closed_days.after": _OF_A_DAY,
    }
)
