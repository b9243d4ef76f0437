"""The time left for an answer, as words with an icon."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from backoffice.layout.badge import Badge
from desk.cases.rows import CaseRow, ListedCase
from desk.cases.rules import CaseState
from desk.deadlines.rules import DeadlineLevel
from desk.language.text import Text, words
from desk.values import Duration

_ = words("inbox")

A_DAY = 24 * 60
TWO_DAYS = 2 * A_DAY
NOTHING_RUNS = {
    CaseState.ANSWERED: Badge(_("Waits for the person"), "check", "calm"),
    CaseState.CLOSED: Badge(_("Done"), "check", "calm"),
}
NO_DEADLINE = Badge(_("No deadline"), "minus", "calm")
"""The badge of a case without a deadline."""


def next_due(case: CaseRow | ListedCase) -> datetime | None:
    """The time of the next deadline: the first answer, then the final one; None = none runs."""
    return case.due.at if case.due is not None and case.due.is_running else None


def deadline(case: CaseRow | ListedCase, *, now: datetime) -> Badge:
    """The time left or overdue, distinguished by words, icon and tone."""
    near = case.due.level(now) if case.due is not None else None
    if case.due is None or near is None:
        return NOTHING_RUNS.get(case.state, NO_DEADLINE)
    left = case.due.at - now
    if near is DeadlineLevel.LATE:
        return _late(_in_minutes(-left))
    return _left(_in_minutes(left), near is DeadlineLevel.SOON)


# Lists show the same lengths again and again: each text is built once.
@lru_cache(maxsize=1024)
def _late(minutes: int) -> Badge:
    return Badge(_("{time} late", time=_length(minutes)), "alert-triangle", "bad")


@lru_cache(maxsize=1024)
def _left(minutes: int, is_soon: bool) -> Badge:
    return Badge(_("{time} left", time=_length(minutes)), "hourglass", "warn" if is_soon else "calm")


def _in_minutes(length: timedelta) -> int:
    """A length of time rounded to days, else hours, else minutes."""
    minutes = int(length.total_seconds() // 60)
    if minutes >= TWO_DAYS:
        return minutes - minutes % A_DAY
    return minutes - minutes % 60 if minutes >= 60 else minutes


def _length(minutes: int) -> Duration | Text:
    return Duration(minutes) if minutes else _("less than a minute")
