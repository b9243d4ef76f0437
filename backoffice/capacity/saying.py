"""Says hours in sentences: those of a day, and the days that share them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from desk.capacity.planned_hours import MINUTES_OF_A_DAY, Hours
from desk.capacity.rules import WINDOW_DAYS, DayHours
from desk.language import vocabulary
from desk.language.text import Param, Text, inline, series, words
from desk.values import ClockTime, Duration

_ = words("capacity")

T = TypeVar("T")


def said_hours(hours: Hours) -> Text:
    """One range with its counters and minutes."""
    opens, n, time = ClockTime.from_minutes(hours.opens), hours.counters, Duration(hours.minutes_per_person)
    if hours.closes >= MINUTES_OF_A_DAY:
        return _("from {opens} to midnight, {n} counters, {time} each", opens=opens, n=n, time=time)
    closes = ClockTime.from_minutes(hours.closes)
    return _("from {opens} to {closes}, {n} counters, {time} each", opens=opens, closes=closes, n=n, time=time)


def said_differing(hours: DayHours) -> Param:
    """One range of a day that differs, with what is not as usual."""
    opens = ClockTime.from_minutes(hours.opens)
    if hours.closes >= MINUTES_OF_A_DAY:
        when = _("from {opens} to midnight", opens=opens)
    else:
        when = _("from {opens} to {closes}", opens=opens, closes=ClockTime.from_minutes(hours.closes))
    counters = None if hours.counters is None else _("{n} counters", n=hours.counters)
    minutes = None if hours.minutes_per_person is None else Duration(hours.minutes_per_person)
    return inline(when, counters, minutes)


def said_day(hours: Sequence[Hours]) -> Param:
    """The ranges of a day; closed where there are none."""
    return series(*map(said_hours, hours)) if hours else _("closed")


def days_alike(days: Mapping[int, T]) -> list[tuple[list[int], T]]:
    """The weekdays (Saturday = 0) with an equal value together, each group with its value, in order."""
    groups: list[tuple[list[int], T]] = []
    for weekday, value in sorted(days.items(), key=lambda each: each[0]):
        for members, shared in groups:
            if shared == value:
                members.append(weekday)
                break
        else:
            groups.append(([weekday], value))
    return groups


def said_horizon(days_ahead: int | None, opens_at: int | None) -> Text:
    """How many days ahead are open, and at which hour a new one opens."""
    if days_ahead is None:
        return _("All days that there are, up to {n}.", n=WINDOW_DAYS)
    return _("{n} days; a new one opens at {time}.", n=days_ahead, time=ClockTime.from_minutes(opens_at or 0))


def said_weekdays(days: Iterable[int]) -> Param:
    """The names of these weekdays, as a list in a sentence."""
    return series(*(vocabulary.weekday(day) for day in days))
