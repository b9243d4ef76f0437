"""The outcomes of a visit, the notices about them, the days whose names staff see, and the numbers at the door."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from desk.outbox.rules import NoticeKind


class Outcome(StrEnum):
    SERVED = "served"
    COME_BACK = "come_back"
    ABSENT = "absent"


class VisitNotice(NoticeKind):
    """The notices about a visit."""

    SERVED = "visit_served"
    ABSENT = "visit_absent"
    COME_BACK = "visit_come_back"
    UNDONE = "visit_undone"
    NAME_CORRECTED = "name_corrected"
    """A clerk corrected the name at the counter."""


YESTERDAY = timedelta(days=1)
PLANNED_BACK = timedelta(days=7)
PLANNED_AHEAD = timedelta(days=14)
"""How far those who plan see names: visits of the last week are still corrected, and changes are made for two weeks."""


def is_in_window(day: date, *, today: date, next_working_day: date, plans: bool) -> bool:
    """Whether the names of this day may be seen without a reason.

    At the counter that is from yesterday to the next working day of the office; for who plans, a week back and two
    ahead.
    """
    first, last = today - YESTERDAY, max(next_working_day, today)
    if plans:
        first, last = min(first, today - PLANNED_BACK), max(last, today + PLANNED_AHEAD)
    return first <= day <= last


SHORTEST_REASON = 8
LONGEST_REASON = 120

FEWEST_DIGITS = 3
"""The digits of a code that stand at the door, where no other code of the day ends like it."""


def call_numbers(codes: Sequence[str]) -> list[str]:
    """The ends of these codes by which people are called at the door: three digits, more where two would be the same.

    Equal codes cannot happen; they would stand there whole.
    """
    digits = [FEWEST_DIGITS] * len(codes)
    for length in range(FEWEST_DIGITS, max(map(len, codes), default=0)):
        ends = Counter(code[-length:] for code in codes)
        for place, code in enumerate(codes):
            if digits[place] == length and ends[code[-length:]] > 1:
                digits[place] = length + 1
    return [code[-length:] for code, length in zip(codes, digits, strict=True)]
