"""What new weekly hours do to the rules of a queue, as pure functions: for a preview and for saving."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from desk.capacity.refusals import HoursOutOfOrder, HoursOverlap, NotPlausible
from desk.capacity.rules import DayHours, doubts_about, places_between

MINUTES_OF_A_DAY = 24 * 60
MOST_OF_A_RULE = 200
"""The most counters of one rule."""


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """Opening and closing (minutes after local midnight), minutes per person, and the number of counters."""

    opens: int
    closes: int
    minutes_per_person: int
    counters: int

    @property
    def places(self) -> int:
        """The places of one day; only for hours that are in order."""
        return places_between(**self.values())

    def values(self) -> dict[str, int]:
        """The fields by the names of the columns of a rule."""
        return {
            "opens": self.opens,
            "closes": self.closes,
            "minutes_per_person": self.minutes_per_person,
            "counters": self.counters,
        }


class Standing(Protocol):
    """A present rule, as a mapped row or as a plain row."""

    @property
    def id(self) -> int: ...
    @property
    def weekday(self) -> int: ...
    @property
    def opens(self) -> int: ...
    @property
    def closes(self) -> int: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


S = TypeVar("S", bound=Standing)


def plan_hours(
    standing: Sequence[S],
    *,
    weekdays: Sequence[int],
    hours: Hours,
    from_day: date,
    to_day: date | None,
    instead_of: tuple[int, int] | None,
    today: date,
    is_sure: bool,
) -> list[S]:
    """The rules that end the day before `from_day` if these hours hold from then on.

    `standing` are all rules of the queue. With `instead_of` (opens, closes) the rules that cover that time of day end.
    Raises HoursOutOfOrder, HoursOverlap where another rule covers the same time, and NotPlausible unless `is_sure`.
    """
    refuse_disorder(hours, weekdays=weekdays, valid_from=from_day, valid_to=to_day)
    if instead_of is not None and from_day < today:
        raise HoursOutOfOrder(field="valid_from")
    doubts = doubts_about(**hours.values())
    if doubts and not is_sure:
        raise NotPlausible(places=hours.places, doubts=doubts)
    ended: list[S] = []
    if instead_of is not None:
        for weekday in dict.fromkeys(weekdays):
            ended += speaking_of(standing, weekday=weekday, hours=instead_of, from_day=from_day, to_day=to_day)
    for rule in ended:
        if rule.valid_from > from_day:
            raise HoursOverlap(rule_id=rule.id)
    gone = {rule.id for rule in ended}
    for weekday in dict.fromkeys(weekdays):
        require_free(standing, weekday=weekday, hours=hours, from_day=from_day, to_day=to_day, but=gone)
    return ended


def require_free(
    standing: Iterable[S],
    *,
    weekday: int,
    hours: Hours,
    from_day: date,
    to_day: date | None,
    but: Collection[int | None],
) -> None:
    """Raise HoursOverlap where a rule that is not among the ids `but` covers the same time."""
    times = (hours.opens, hours.closes)
    for rule in speaking_of(standing, weekday=weekday, hours=times, from_day=from_day, to_day=to_day):
        if rule.id not in but:
            raise HoursOverlap(rule_id=rule.id)


def speaking_of(
    standing: Iterable[S], *, weekday: int, hours: tuple[int, int], from_day: date, to_day: date | None
) -> list[S]:
    """The rules of this weekday that overlap these hours and these dates, in order of their beginning."""
    opens, closes = hours
    found = [
        rule
        for rule in standing
        if rule.weekday == weekday
        and rule.opens < closes
        and rule.closes > opens
        and (rule.valid_to is None or rule.valid_to >= from_day)
        and (to_day is None or rule.valid_from <= to_day)
    ]
    return sorted(found, key=lambda rule: (rule.valid_from, rule.id))


def refuse_disorder(hours: Hours, *, weekdays: Sequence[int], valid_from: date, valid_to: date | None) -> None:
    """Raise HoursOutOfOrder where these hours or dates cannot be an opening rule."""
    orders = {
        "weekday": all(0 <= weekday <= 6 for weekday in weekdays),
        "closes": 0 <= hours.opens < hours.closes <= MINUTES_OF_A_DAY,
        "minutes_per_person": 1 <= hours.minutes_per_person <= min(480, hours.closes - hours.opens),
        "counters": 1 <= hours.counters <= 200,
        "valid_to": valid_to is None or valid_from <= valid_to,
    }
    for field, is_right in orders.items():
        if not is_right:
            raise HoursOutOfOrder(field=field)


def refuse_day(
    hours: Sequence[DayHours], *, counters: int | None, needs_hours: bool, beside: Sequence[tuple[int, int]]
) -> None:
    """Raise HoursOutOfOrder where a day cannot differ like this; `beside` are the hours that hold with these."""
    if not hours and (needs_hours or counters is None):
        raise HoursOutOfOrder(field="opens")
    if counters is not None and not 1 <= counters <= MOST_OF_A_RULE:
        raise HoursOutOfOrder(field="counters")
    for number, each in enumerate(hours):
        if not 0 <= each.opens < each.closes <= MINUTES_OF_A_DAY:
            raise HoursOutOfOrder(field="closes", number=number)
        if each.counters is not None and not 1 <= each.counters <= MOST_OF_A_RULE:
            raise HoursOutOfOrder(field="counters", number=number)
        if each.minutes_per_person is not None and not 1 <= each.minutes_per_person <= each.closes - each.opens:
            raise HoursOutOfOrder(field="minutes", number=number)
        there = [*beside, *((other.opens, other.closes) for other in hours[:number])]
        if any(opens < each.closes and each.opens < closes for opens, closes in there):
            raise HoursOutOfOrder(field="overlap", number=number)
