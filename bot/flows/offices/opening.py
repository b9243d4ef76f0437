"""Describes when an office is open: the usual week in runs of days, and the next days that differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.dialogue.flow import Talk
from desk.calendar import local_day_of
from desk.capacity import chat as capacity
from desk.capacity.rows import OpenDay, Ranges, week_of
from desk.language.text import Near, Param, lines, series, words
from desk.language.vocabulary import weekday
from desk.offices.rows import OfficeRow
from desk.values import ClockTime, LocalDay

_ = words("opening")

MIDNIGHT = 24 * 60
NEAR = 2
"""Up to so many days ahead a day is named relative to today, later by its date."""


def of_office(talk: Talk[Any], office: OfficeRow, *, service_id: int | None) -> Param | None:
    """The hours of the coming week, for the service if one is chosen; None = they are not announced."""
    today = local_day_of(talk.now, zone=office.zone)
    days = capacity.open_days(talk.desk, office.id, service_id=service_id, first=today)
    if not days:
        return None
    return lines(
        *(_("🕘 {days}, {hours}", days=_weekdays(runs), hours=_hours(hours)) for runs, hours in week_of(days)),
        *(_other(day, today=today) for day in days if day.differs),
    )


def of_day(talk: Talk[Any], office: OfficeRow, *, service_id: int, day: LocalDay) -> Param | None:
    """The hours of one day; None where nothing is known or it is closed, which other sentences tell."""
    days = capacity.open_days(talk.desk, office.id, service_id=service_id, first=day, days=1)
    hours = days[0].hours if days else ()
    return _("Open on that day: {hours}", hours=_hours(hours)) if hours else None


def _weekdays(runs: Sequence[tuple[int, int]]) -> Param:
    said = [_run(first, last) for first, last in runs]
    return said[0] if len(said) == 1 else series(*said)


def _run(first: int, last: int) -> Param:
    if first == last:
        return weekday(first)
    if last == first + 1:
        return _("{first} and {last}", first=weekday(first), last=weekday(last))
    return _("{first} to {last}", first=weekday(first), last=weekday(last))


def _other(day: OpenDay, *, today: LocalDay) -> Param:
    when: Param = Near(day.day) if today.until(day.day) <= NEAR else day.day
    if not day.hours:
        return _("**Closed {day}.**", day=when)
    return _("**Other hours {day}: {hours}.**", day=when, hours=_hours(day.hours))


def _hours(ranges: Ranges) -> Param:
    said = [_range(opens, closes) for opens, closes in ranges]
    return said[0] if len(said) == 1 else series(*said)


def _range(opens: int, closes: int) -> Param:
    if (opens, closes) == (0, MIDNIGHT):
        return _("day and night")
    return _("{opens} to {closes}", opens=_clock(opens), closes=_clock(closes))


def _clock(minutes: int) -> int | ClockTime:
    """A whole hour as a number, as people say it."""
    return ClockTime.from_minutes(minutes) if minutes % 60 else minutes // 60
