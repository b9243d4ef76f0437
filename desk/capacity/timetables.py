"""Reads what determines the days of queues, for many queues at once: rules, exceptions and holidays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from desk.capacity.cutting import DayRange
from desk.capacity.models import CapacityException, Holiday, OpeningRule, Queue
from desk.capacity.rules import DayException, PlannedSlot, WeeklyRule, day_plan, exception_of, rules_of_day
from desk.capacity.shares import Shares
from desk.offices.models import Office


@dataclass(frozen=True, slots=True)
class QueueTimetable:
    """What determines the days of a queue: its rules, and the exceptions and holidays of those days."""

    version: int
    office_id: int
    zone: str
    rules: tuple[WeeklyRule, ...]
    exceptions: dict[date, DayException]
    holidays: frozenset[date]
    shares: Shares

    def plan(self, day: date) -> list[PlannedSlot]:
        """The places of one day."""
        return day_plan(self.rules, exception=self.exceptions.get(day), holiday=day in self.holidays, day=day)

    @property
    def usual_minutes(self) -> int | None:
        """The minutes for each person of its first weekly rule; None = it has none."""
        return min(self.rules, key=lambda rule: rule.weekday).minutes_per_person if self.rules else None

    def ranges(self, day: date) -> list[DayRange]:
        """The ranges of one day, with nothing left open."""
        rules = rules_of_day(self.rules, exception=self.exceptions.get(day), holiday=day in self.holidays, day=day)
        return [DayRange(each.opens, each.closes, each.counters, each.minutes_per_person) for each in rules]


def timetables(session: Session, *, queue_ids: Sequence[int], days: Sequence[date]) -> dict[int, QueueTimetable]:
    """The timetables of these queues for these days, by id; a queue or an office out of use has no rules.

    The queues are locked until the transaction ends, so that nobody makes slots by rules that have just changed.
    """
    queues = session.execute(
        select(
            Queue.id,
            Queue.rule_version,
            and_(Queue.is_active, Office.is_active).label("is_in_use"),
            Office.id.label("office_id"),
            Office.zone,
            Office.province_code,
            Queue.desk_share,
            Queue.walk_in_share,
            Queue.desk_hours,
            Queue.walk_in_hours,
        )
        .join(Office, Office.id == Queue.office_id)
        .where(Queue.id.in_(queue_ids))
        .order_by(Queue.id)
        .with_for_update(of=Queue)
    ).all()
    rules: dict[int, list[WeeklyRule]] = defaultdict(list)
    for row in session.scalars(select(OpeningRule).where(OpeningRule.queue_id.in_(queue_ids))):
        rules[row.queue_id].append(_rule_of(row))
    exceptions: dict[int, dict[date, DayException]] = defaultdict(dict)
    for each in session.scalars(
        select(CapacityException).where(CapacityException.queue_id.in_(queue_ids), CapacityException.day.in_(days))
    ):
        exceptions[each.queue_id][each.day] = _exception_of(each)
    holidays: dict[str, set[date]] = defaultdict(set)
    for key, day in session.execute(
        select(Holiday.province_key, Holiday.day).where(
            Holiday.day.in_(days), Holiday.is_closed.is_(True), Holiday.withdrawn_at.is_(None)
        )
    ):
        holidays[key].add(day)
    return {
        row.id: QueueTimetable(
            version=row.rule_version,
            office_id=row.office_id,
            zone=row.zone,
            rules=tuple(rules[row.id]) if row.is_in_use else (),
            exceptions=exceptions[row.id],
            holidays=frozenset(holidays[""] | holidays[row.province_code]),
            shares=Shares.of(row),
        )
        for row in queues
    }


def _rule_of(row: OpeningRule) -> WeeklyRule:
    return WeeklyRule(
        weekday=row.weekday,
        opens=row.opens,
        closes=row.closes,
        minutes_per_person=row.minutes_per_person,
        counters=row.counters,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _exception_of(row: CapacityException) -> DayException:
    return exception_of(row.kind, row.hours, row.counters)
