"""From weekly opening rules to the places of one day: pure arithmetic on plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from desk.calendar import weekday_of

WINDOW_DAYS = 60
"""How many days ahead appointments can be booked."""
WINDOW = timedelta(days=WINDOW_DAYS)
"""How far ahead places are offered and taken: every start of the window's days lies before that."""

MOST_PLACES = 500
"""Places of one queue on one day above which the hours are asked back: twenty counters at fifteen minutes give 480."""
MOST_COUNTERS = 30
"""More counters for one queue than the largest offices have are more likely a mistake in typing."""
FEWEST_MINUTES = 4
"""Nobody's paper is looked at, keyed in and paid for in less."""
EARLIEST_OPENING, LATEST_CLOSING = 5 * 60, 23 * 60
"""Outside of these a public office is hardly open; «8» typed for «20» and the reverse show here."""


class SlotStatus(StrEnum):
    LIVE = "live"
    CLOSED = "closed"
    """No longer in the rules, or its day was closed; kept because of its history or its appointments."""


class ExceptionKind(StrEnum):
    CLOSED = "closed"
    HOURS = "hours"
    """Other hours on that day instead of the weekly rule."""


class Doubt(StrEnum):
    """Why hours that are possible are asked back all the same."""

    PLACES = "places"
    COUNTERS = "counters"
    MINUTES = "minutes"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class WeeklyRule:
    """On this weekday (Saturday = 0) between these dates: open and closed in minutes after local midnight."""

    weekday: int
    opens: int
    closes: int
    minutes_per_person: int
    counters: int
    valid_from: date
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the rule speaks of this day."""
        return self.is_valid_on(day) and self.weekday == weekday_of(day)

    def is_valid_on(self, day: date) -> bool:
        """Whether the day lies between its dates, whatever the weekday."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class DayException:
    """A day that differs: closed, or with other hours or counters (None = as usual)."""

    is_closed: bool
    opens: int | None = None
    closes: int | None = None
    counters: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class PlannedSlot:
    """So many places at one start, in minutes after local midnight, for so many minutes each."""

    start: int
    minutes: int
    capacity: int


def instants_around(first: date, last: date) -> tuple[datetime, datetime]:
    """Two instants that all of these local days lie between, whatever the zone: what an index on instants can use."""
    return (
        datetime.combine(first - timedelta(days=1), time(), tzinfo=UTC),
        datetime.combine(last + timedelta(days=2), time(), tzinfo=UTC),
    )


def places_between(*, opens: int, closes: int, minutes_per_person: int, counters: int) -> int:
    """How many people these hours can serve on one day; nobody is called whose visit would end after closing."""
    return max(0, (closes - opens) // minutes_per_person) * counters


def doubts_about(*, opens: int, closes: int, minutes_per_person: int, counters: int) -> tuple[Doubt, ...]:
    """What is not plausible about hours that are possible; empty = nothing."""
    places = places_between(opens=opens, closes=closes, minutes_per_person=minutes_per_person, counters=counters)
    found = {
        Doubt.PLACES: places > MOST_PLACES,
        Doubt.COUNTERS: counters > MOST_COUNTERS,
        Doubt.MINUTES: minutes_per_person < FEWEST_MINUTES,
        Doubt.NIGHT: opens < EARLIEST_OPENING or closes > LATEST_CLOSING,
    }
    return tuple(doubt for doubt, is_there in found.items() if is_there)


def day_plan(
    rules: Sequence[WeeklyRule], *, exception: DayException | None, holiday: bool, day: date
) -> list[PlannedSlot]:
    """The places of one day in order of time, at most one entry for each start.

    One place for each counter every `minutes_per_person`, as long as a whole visit fits before closing. The
    exception decides over a holiday, a holiday over the weekly rules; rules that meet at one start are added up.
    """
    places: dict[int, PlannedSlot] = {}
    for rule in _rules_of_day(rules, exception=exception, holiday=holiday, day=day):
        step = rule.minutes_per_person
        for start in range(rule.opens, rule.closes - step + 1, step):
            met = places.get(start)
            places[start] = PlannedSlot(
                start=start,
                minutes=max(step, met.minutes if met else 0),
                capacity=rule.counters + (met.capacity if met else 0),
            )
    return sorted(places.values())


def open_hours(
    rules: Sequence[WeeklyRule], *, exception: DayException | None, holiday: bool, day: date
) -> list[tuple[int, int]]:
    """From when to when the day is open, in minutes after local midnight; decided as for its places."""
    return [(rule.opens, rule.closes) for rule in _rules_of_day(rules, exception=exception, holiday=holiday, day=day)]


def _rules_of_day(
    rules: Sequence[WeeklyRule], *, exception: DayException | None, holiday: bool, day: date
) -> list[WeeklyRule]:
    if exception is not None and exception.is_closed:
        return []
    if holiday and (exception is None or exception.opens is None):
        return []
    usual = sorted((rule for rule in rules if rule.holds_on(day)), key=lambda rule: rule.opens)
    if exception is None:
        return usual
    if exception.opens is None or exception.closes is None:
        counters = exception.counters
        return usual if counters is None else [replace(rule, counters=counters) for rule in usual]
    # Other hours: at the pace of that day's own rule, or of any other day where that weekday has none.
    models = usual or sorted((rule for rule in rules if rule.is_valid_on(day)), key=lambda rule: rule.weekday)
    if not models:
        return []
    counters = exception.counters if exception.counters is not None else models[0].counters
    return [replace(models[0], opens=exception.opens, closes=exception.closes, counters=counters)]
