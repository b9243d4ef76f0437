"""How much time is left for an answer, as words with a sign."""

from __future__ import annotations

from datetime import datetime, timedelta

from backoffice.wording import Badge
from desk.cases.rows import CaseRow, ListedCase
from desk.cases.rules import State
from desk.language.text import Text, words
from desk.values import Duration

_ = words("inbox")

SOON = timedelta(hours=24)


def next_due(case: CaseRow | ListedCase) -> datetime | None:
    """The promise that comes next: the first answer while there is none, else the final one; None = no clock."""
    if case.state in {State.ANSWERED, State.CLOSED}:
        return None
    if case.first_due_at is not None and case.answered_at is None:
        return case.first_due_at
    return case.due_at


def deadline(case: CaseRow | ListedCase, *, now: datetime) -> Badge:
    """The time left or passed, told apart by words, sign and tone."""
    due = next_due(case)
    if due is None:
        if case.state is State.ANSWERED:
            return Badge(_("Waits for the person"), "check", "calm")
        if case.state is State.CLOSED:
            return Badge(_("Done"), "check", "calm")
        return Badge(_("No deadline"), "minus", "calm")
    left = due - now
    if left < timedelta(0):
        return Badge(_("{time} late", time=rounded(-left)), "alert-triangle", "bad")
    if left < SOON:
        return Badge(_("{time} left", time=rounded(left)), "hourglass", "warn")
    return Badge(_("{time} left", time=rounded(left)), "hourglass", "calm")


def rounded(length: timedelta) -> Duration | Text:
    """A length of time as precise as it matters: days, else hours, else minutes."""
    minutes = int(length.total_seconds() // 60)
    if minutes >= 2 * 24 * 60:
        return Duration.days(minutes // (24 * 60))
    if minutes >= 60:
        return Duration.hours(minutes // 60)
    return Duration(minutes) if minutes else _("less than a minute")
