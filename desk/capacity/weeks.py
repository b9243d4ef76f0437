"""A whole week of a queue as one value: its faults and doubts, and what it does to the rules that stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, Protocol, TypeVar

from desk.capacity.planned_hours import MINUTES_OF_A_DAY, Hours, Standing
from desk.capacity.refusals import HoursOutOfOrder, NotPlausible, OtherHoursPlanned, WeekOutOfOrder
from desk.capacity.rules import MOST_PLACES, AtRange, Doubt, RangeFault, doubts_about

DAYS_OF_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Week:
    """The hours of seven days, Saturday first; a day without hours is closed, what lies between two is a break."""

    days: tuple[tuple[Hours, ...], ...]

    def __post_init__(self) -> None:
        if len(self.days) != DAYS_OF_A_WEEK:
            raise ValueError(f"a week has {DAYS_OF_A_WEEK} days, not {len(self.days)}")

    def places_on(self, weekday: int) -> int:
        """The places of this weekday; only for hours that are in order."""
        return sum(hours.places for hours in self.days[weekday])

    @property
    def places(self) -> int:
        """The places of the whole week; only for hours that are in order."""
        return sum(map(self.places_on, range(DAYS_OF_A_WEEK)))

    def ranges(self) -> Iterator[tuple[AtRange, Hours]]:
        """Each range with where it stands."""
        for weekday, hours in enumerate(self.days):
            for number, each in enumerate(hours):
                yield AtRange(weekday, number), each

    def faults(self) -> dict[AtRange, RangeFault]:
        """The ranges that cannot hold; empty = none."""
        found: dict[AtRange, RangeFault] = {}
        for at, hours in self.ranges():
            above = [each for each in self.days[at.weekday][: at.number] if each.opens < each.closes]
            if not 0 <= hours.opens < hours.closes <= MINUTES_OF_A_DAY:
                found[at] = RangeFault.ORDER
            elif hours.minutes_per_person > hours.closes - hours.opens:
                found[at] = RangeFault.SHORT
            elif any(each.opens < hours.closes and hours.opens < each.closes for each in above):
                found[at] = RangeFault.OVERLAP
        return found

    def doubts(self) -> dict[AtRange, tuple[Doubt, ...]]:
        """The ranges that are possible but probably a mistake; too many places of a day stand at its last range."""
        found: dict[AtRange, tuple[Doubt, ...]] = {}
        for at, hours in self.ranges():
            doubts: tuple[Doubt, ...] = tuple(
                doubt for doubt in doubts_about(**hours.values()) if doubt is not Doubt.PLACES
            )
            is_last = at.number == len(self.days[at.weekday]) - 1
            if is_last and self.places_on(at.weekday) > MOST_PLACES:
                doubts = (Doubt.PLACES, *doubts)
            if doubts:
                found[at] = doubts
        return found


class StandingHours(Standing, Protocol):
    """A present rule with all that its hours say."""

    @property
    def queue_id(self) -> int: ...
    @property
    def minutes_per_person(self) -> int: ...
    @property
    def counters(self) -> int: ...


R = TypeVar("R", bound=StandingHours)


def hours_of(rule: StandingHours) -> Hours:
    """The hours of a rule."""
    return Hours(rule.opens, rule.closes, rule.minutes_per_person, rule.counters)


def week_on(rules: Iterable[StandingHours], *, day: date) -> Week:
    """The week that holds on this day."""
    days: list[list[Hours]] = [[] for _ in range(DAYS_OF_A_WEEK)]
    for rule in rules:
        if _holds(rule, day):
            days[rule.weekday].append(hours_of(rule))
    return Week(tuple(tuple(sorted(each, key=lambda hours: hours.opens)) for each in days))


def last_day_of(rules: Iterable[StandingHours], *, day: date) -> date | None:
    """The last day of the week that holds on this day, where all its hours end on the same one; None = it stays."""
    ends = {rule.valid_to for rule in rules if _holds(rule, day)}
    return ends.pop() if len(ends) == 1 else None


def weeks_ahead(rules: Iterable[StandingHours], *, after: date) -> list[date]:
    """The later days from which other hours are planned, in order."""
    return sorted({rule.valid_from for rule in rules if rule.valid_from > after})


@dataclass(frozen=True, slots=True)
class WeekPlan(Generic[R]):
    """What a new week does: rules that end the day before it, rules that stay with another last day, new hours."""

    ended: tuple[R, ...]
    kept: tuple[tuple[R, date | None], ...]
    made: tuple[tuple[int, Hours], ...]

    @property
    def is_nothing(self) -> bool:
        """Whether the week stands already."""
        return not self.ended and not self.made and all(rule.valid_to == last for rule, last in self.kept)


def plan_week(
    standing: Sequence[R],
    *,
    week: Week,
    from_day: date,
    to_day: date | None,
    goes_back: bool,
    today: date,
    is_sure: bool,
) -> WeekPlan[R]:
    """What becomes of the rules of a queue if this week holds from `from_day` to `to_day` (None = from then on).

    Hours that stand already keep their rule. With `goes_back` those of before hold again after `to_day`. A week that is
    planned for a later day is never changed in passing.
    Raises WeekOutOfOrder, HoursOutOfOrder for dates, OtherHoursPlanned, and NotPlausible unless `is_sure`.
    """
    if faults := week.faults():
        raise WeekOutOfOrder(at=tuple(faults.items()))
    if from_day < today:
        raise HoursOutOfOrder(field="valid_from")
    if to_day is not None and to_day < from_day:
        raise HoursOutOfOrder(field="valid_to")
    in_the_way = [rule for rule in standing if rule.valid_from > from_day]
    in_the_way = [rule for rule in in_the_way if to_day is None or rule.valid_from <= to_day]
    for rule in sorted(in_the_way, key=lambda each: each.valid_from):
        raise OtherHoursPlanned(queue_id=rule.queue_id, day=rule.valid_from)
    doubts = week.doubts()
    if doubts and not is_sure:
        kinds = tuple(dict.fromkeys(doubt for each in doubts.values() for doubt in each))
        raise NotPlausible(places=week.places, doubts=kinds)
    missing = [(at.weekday, hours) for at, hours in week.ranges()]
    ended: list[R] = []
    kept: list[tuple[R, date | None]] = []
    for rule in standing:
        if not _holds(rule, from_day):
            continue
        stands = (rule.weekday, hours_of(rule))
        if stands in missing:
            missing.remove(stands)
            kept.append((rule, _last_day(rule, to_day=to_day, goes_back=goes_back)))
        else:
            ended.append(rule)
    return WeekPlan(tuple(ended), tuple(kept), tuple(missing))


def _last_day(rule: StandingHours, *, to_day: date | None, goes_back: bool) -> date | None:
    """The last day of a rule that the new week contains."""
    if to_day is None:
        return None
    lasts_longer = rule.valid_to is None or rule.valid_to > to_day
    return rule.valid_to if lasts_longer and goes_back else to_day


def _holds(rule: StandingHours, day: date) -> bool:
    return rule.valid_from <= day and (rule.valid_to is None or rule.valid_to >= day)
