"""The hours of a queue written as rows with days: from when to when they give other weeks than those that stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from desk.capacity.rules import AtRange, Doubt
from desk.capacity.weeks import DAYS_OF_A_WEEK, StandingHours, Week, week_on

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OtherWeek:
    """From `first` to `last` (None = from then on) the week becomes another one."""

    first: date
    last: date | None
    before: Week
    after: Week

    @property
    def doubts(self) -> dict[AtRange, tuple[Doubt, ...]]:
        """What is probably a mistake in the days that change; what stands already was confirmed once."""
        return {
            at: doubts
            for at, doubts in self.after.doubts().items()
            if self.after.days[at.weekday] != self.before.days[at.weekday]
        }


def other_weeks(standing: Sequence[StandingHours], written: Sequence[StandingHours], *, today: date) -> list[OtherWeek]:
    """Where the written rows differ from the rules that stand, from today on, in order and apart.

    Each weekday follows the rows from the first day that a row of it has, and is as before until then. A weekday
    without a row is closed from the first day of any row. No rule that stands begins within one of the weeks, so that
    `set_week` can make each.
    """
    begins = [min((row.valid_from for row in written if row.weekday == weekday), default=None) for weekday in _WEEK]
    first_of_all = min((row.valid_from for row in written), default=today)
    starts = {today, first_of_all}
    for rule in (*standing, *written):
        starts.add(rule.valid_from)
        if rule.valid_to is not None:
            starts.add(rule.valid_to + A_DAY)
    days = sorted(day for day in starts if day >= today)
    found: list[OtherWeek] = []
    for day, following in zip(days, (*days[1:], None), strict=True):
        before, rows = week_on(standing, day=day), week_on(written, day=day)
        after = Week(
            tuple(
                rows.days[weekday] if (begins[weekday] or first_of_all) <= day else before.days[weekday]
                for weekday in _WEEK
            )
        )
        if before == after:
            continue
        last = None if following is None else following - A_DAY
        previous = found[-1] if found else None
        goes_on = previous is not None and previous.last == day - A_DAY
        is_planned = any(rule.valid_from == day for rule in standing)
        if previous is not None and goes_on and not is_planned and (previous.before, previous.after) == (before, after):
            found[-1] = OtherWeek(previous.first, last, before, after)
        else:
            found.append(OtherWeek(day, last, before, after))
    return found


def meeting(rows: Sequence[StandingHours]) -> list[tuple[StandingHours, StandingHours]]:
    """The pairs of rows whose hours and days overlap: their places would count twice."""
    found = []
    for number, one in enumerate(rows):
        for other in rows[number + 1 :]:
            if (
                one.weekday == other.weekday
                and one.opens < other.closes
                and other.opens < one.closes
                and one.valid_from <= (other.valid_to or date.max)
                and other.valid_from <= (one.valid_to or date.max)
            ):
                found.append((one, other))
    return found


_WEEK = range(DAYS_OF_A_WEEK)
