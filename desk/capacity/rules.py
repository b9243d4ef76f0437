"""Computes the places of a day from weekly opening rules, on plain values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from desk.calendar import instant_of, weekday_of
from desk.values import LocalDay

WINDOW_DAYS = 60
"""How many days ahead appointments can be booked."""
WINDOW = timedelta(days=WINDOW_DAYS)
"""The booking window: every start of its days lies before `now` + WINDOW."""

TIME_TO_COME = timedelta(minutes=45)
"""A time nearer than this is not suggested; who sees it in the list may choose it."""

MOST_PLACES = 500
"""More places of one queue on one day are asked back; twenty counters at fifteen minutes give 480."""
MOST_COUNTERS = 30
"""More counters of one queue are asked back; the largest offices have fewer."""
FEWEST_MINUTES = 4
"""Fewer minutes per person are asked back: checking a paper, data entry and payment take longer."""
EARLIEST_OPENING, LATEST_CLOSING = 5 * 60, 23 * 60
"""Hours outside of these (minutes after midnight) are asked back; they show «8» typed for «20»."""


class SlotStatus(StrEnum):
    LIVE = "live"
    CLOSED = "closed"
    """Removed by the rules or by a closed day; the row stays for its history and its appointments."""


class ExceptionKind(StrEnum):
    CLOSED = "closed"
    HOURS = "hours"
    """Other hours on that day instead of the weekly rule."""
    EXTRA = "extra"
    """Further hours on that day beside those of the weekly rule, or on a holiday."""


class Doubt(StrEnum):
    """Why possible hours are asked back."""

    PLACES = "places"
    COUNTERS = "counters"
    MINUTES = "minutes"
    NIGHT = "night"


class RangeFault(StrEnum):
    """Why hours of a day cannot hold."""

    ORDER = "order"
    """They end before they begin."""
    SHORT = "short"
    """One person needs longer than they last."""
    OVERLAP = "overlap"
    """They begin before the ones above them end."""


@dataclass(frozen=True, slots=True)
class AtRange:
    """One range of a week: weekday (Saturday = 0) and its place in the day, from 0."""

    weekday: int
    number: int


@dataclass(frozen=True, slots=True)
class WeeklyRule:
    """Weekly hours on one weekday (Saturday = 0) between two dates; `opens` and `closes` in minutes after midnight."""

    weekday: int
    opens: int
    closes: int
    minutes_per_person: int
    counters: int
    valid_from: date
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the rule holds on this day."""
        return self.is_valid_on(day) and self.weekday == weekday_of(day)

    def is_valid_on(self, day: date) -> bool:
        """Whether the day lies between the rule's dates, on any weekday."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class DayHours:
    """One range of a day that differs, in minutes after midnight; counters and minutes None = as usual."""

    opens: int
    closes: int
    counters: int | None = None
    minutes_per_person: int | None = None

    def told(self) -> list[int | None]:
        """Its values as they are stored."""
        return [self.opens, self.closes, self.counters, self.minutes_per_person]


@dataclass(frozen=True, slots=True)
class DayException:
    """An exception of one day: closed, or with other or further hours, or other counters (None = as usual)."""

    is_closed: bool
    hours: tuple[DayHours, ...] = ()
    counters: int | None = None
    is_extra: bool = False
    """True = its hours come beside the usual ones."""


def exception_of(kind: ExceptionKind, hours: Iterable[Sequence[int | None]], counters: int | None) -> DayException:
    """The exception as it is stored."""
    ranges = tuple(
        DayHours(opens, closes, among, minutes)
        for opens, closes, among, minutes in hours
        if opens is not None and closes is not None
    )
    return DayException(
        is_closed=kind is ExceptionKind.CLOSED, hours=ranges, counters=counters, is_extra=kind is ExceptionKind.EXTRA
    )


@dataclass(frozen=True, slots=True, order=True)
class PlannedSlot:
    """`capacity` places at one start (minutes after local midnight), each for `minutes`."""

    start: int
    minutes: int
    capacity: int


def opens_on(day: date, *, days_ahead: int, opens_at: int | None, zone: str) -> datetime:
    """When a day opens for booking, by the clock of the office."""
    return instant_of(LocalDay(day - timedelta(days=days_ahead)), minutes=opens_at or 0, zone=zone)


def instants_around(first: date, last: date) -> tuple[datetime, datetime]:
    """Two instants (UTC) that enclose these local days in every zone, for a range on an index of instants."""
    return (
        datetime.combine(first - timedelta(days=1), time(), tzinfo=UTC),
        datetime.combine(last + timedelta(days=2), time(), tzinfo=UTC),
    )


def places_between(*, opens: int, closes: int, minutes_per_person: int, counters: int) -> int:
    """The number of people served in these hours; nobody is called whose visit would end after closing."""
    return max(0, (closes - opens) // minutes_per_person) * counters


def doubts_about(*, opens: int, closes: int, minutes_per_person: int, counters: int) -> tuple[Doubt, ...]:
    """The doubts about possible hours; empty = none."""
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

    Each counter gives one place every `minutes_per_person`, as long as a whole visit ends before closing. An exception
    overrides a holiday, and a holiday overrides the weekly rules. Rules with the same start are added up.
    """
    places: dict[int, PlannedSlot] = {}
    for rule in rules_of_day(rules, exception=exception, holiday=holiday, day=day):
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
    """The opening hours of the day (minutes after local midnight), by the same precedence as its places."""
    return [(rule.opens, rule.closes) for rule in rules_of_day(rules, exception=exception, holiday=holiday, day=day)]


def rules_of_day(
    rules: Sequence[WeeklyRule], *, exception: DayException | None, holiday: bool, day: date
) -> list[WeeklyRule]:
    """The ranges of the day as rules, in order of time; empty = closed."""
    if exception is not None and exception.is_closed:
        return []
    held = sorted((rule for rule in rules if rule.holds_on(day)), key=lambda rule: rule.opens)
    usual = [] if holiday else held
    if exception is None:
        return usual
    if not exception.hours:
        counters = exception.counters
        return usual if counters is None else [replace(rule, counters=counters) for rule in usual]
    # What a range leaves open is taken from that day's own rule, or of another weekday's where it has none.
    models = held or sorted((rule for rule in rules if rule.is_valid_on(day)), key=lambda rule: rule.weekday)
    own = [_of_range(each, exception=exception, model=models[0]) for each in exception.hours] if models else []
    return sorted([*usual, *own] if exception.is_extra else own, key=lambda rule: rule.opens)


def _of_range(hours: DayHours, *, exception: DayException, model: WeeklyRule) -> WeeklyRule:
    counters = next(each for each in (hours.counters, exception.counters, model.counters) if each is not None)
    minutes = hours.minutes_per_person or model.minutes_per_person
    return replace(model, opens=hours.opens, closes=hours.closes, counters=counters, minutes_per_person=minutes)
