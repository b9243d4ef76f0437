"""The states of a worksheet with what may follow, and what the record of visits says of the minutes for a person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from desk.capacity.planned_hours import Hours
from desk.capacity.weeks import DAYS_OF_A_WEEK, Week

LONGEST_NOTE = 400
LONGEST_RETURN = 400
TIME_TO_DECIDE = timedelta(days=10)
"""How long the directorate has; the announcement names no time, so this one is ours."""


class WorksheetState(StrEnum):
    """What became of a worksheet."""

    STATED = "stated"
    """The directorate has to decide; the hours of before hold."""
    APPROVED = "approved"
    FOR_A_TIME = "for_a_time"
    """It holds; on a day that was named the directorate looks at it again. Nothing ends by itself."""
    OWN = "own"
    """It holds without approval: the office measures its own capacity."""
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    """Another worksheet of the queue came before a decision."""


_S = WorksheetState
MAY_FOLLOW: Final[Mapping[WorksheetState, tuple[WorksheetState, ...]]] = {
    _S.STATED: (_S.APPROVED, _S.FOR_A_TIME, _S.RETURNED, _S.WITHDRAWN, _S.REPLACED),
    _S.FOR_A_TIME: (_S.APPROVED, _S.FOR_A_TIME, _S.RETURNED, _S.REPLACED),
    _S.APPROVED: (),
    _S.OWN: (),
    _S.RETURNED: (),
    _S.WITHDRAWN: (),
    _S.REPLACED: (),
}
"""What may come next."""
DECISIONS: Final = (_S.APPROVED, _S.FOR_A_TIME, _S.RETURNED)
"""What the directorate may decide."""
HOLDS: Final = frozenset({_S.APPROVED, _S.FOR_A_TIME, _S.OWN})
"""In these the week of the worksheet was given to the queue."""
AWAITS: Final = frozenset({_S.STATED, _S.FOR_A_TIME})
"""These wait for the directorate, each with a deadline."""


def decisions_after(state: WorksheetState) -> tuple[WorksheetState, ...]:
    """What the directorate may decide now."""
    return tuple(each for each in DECISIONS if each in MAY_FOLLOW[state])


def week_of(told: Mapping[str, Sequence[Sequence[int]]]) -> Week:
    """A week as `desk.capacity.saving_weeks.told` wrote it."""
    return Week(tuple(tuple(Hours(*each) for each in told.get(str(day), ())) for day in range(DAYS_OF_A_WEEK)))


MOST_DAYS_BACK = 60
"""The days whose visits are looked at."""
FEWEST_VISITS = 30
FEWEST_DAYS = 5
"""With fewer visits or days nothing is said of the minutes."""
SHORTEST_VISIT = timedelta(minutes=1)
"""What is shorter was pressed for several people at once, and says nothing of how long each took."""
LONGEST_VISIT = timedelta(hours=2)
"""What is longer has a break in it."""


class RecordedVisit(NamedTuple):
    """One person at the counter: when they came, and when which member of staff was done with them."""

    queue_id: int
    day: date
    arrived_at: datetime | None
    done_at: datetime
    staff_id: int
    began_at: datetime | None = None
    """When somebody at a counter began with them; None = that was not recorded."""
    waited: int | None = None
    """How many minutes they waited for their first call; None = they were not called from the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the record of a queue says; `median` and `most` are None where too little is known."""

    visits: int
    """The visits whose minutes are known."""
    days: int
    """The days of these visits."""
    left_out: int
    """Visits whose minutes cannot be told from the record."""
    counters: int | None
    """On half of the days no more members of staff than this recorded visits; None = no visit is known."""
    median: int | None
    """Half of the people needed so many minutes at most."""
    most: int | None
    """Four of five people needed so many minutes at most."""
    waited: tuple[int, int] | None = None
    """Half of the people, and four of five, waited so many minutes for their call at most; None = too little is
    known."""

    @property
    def is_enough(self) -> bool:
        """Whether the record says anything of the minutes."""
        return self.most is not None


def measure(visits: Iterable[RecordedVisit], *, queue_id: int) -> Measured:
    """How long a person of this queue keeps a counter, from the visits of all queues of the office.

    A counter is free for the next person when its member of staff is done with the one before, and the next one begins
    then, or on arrival. So the first of a counter's day says nothing, nor does one who was never seen to arrive while
    nobody was served. A member of staff who serves two queues has one counter. Where it was recorded when the service
    began, that counts instead.
    """
    done_before: dict[tuple[int, date], datetime] = {}
    minutes: list[int] = []
    waits: list[int] = []
    days: set[date] = set()
    staff: dict[date, set[int]] = {}
    left_out = 0
    for visit in sorted(visits, key=lambda each: each.done_at):
        counter = (visit.staff_id, visit.day)
        before = done_before.get(counter)
        done_before[counter] = visit.done_at
        if visit.queue_id != queue_id:
            continue
        staff.setdefault(visit.day, set()).add(visit.staff_id)
        if visit.waited is not None:
            waits.append(visit.waited)
        began_at = visit.began_at
        if began_at is None and before is not None:
            began_at = max(before, visit.arrived_at or before)
        took = None if began_at is None else visit.done_at - began_at
        if took is None or not SHORTEST_VISIT <= took <= LONGEST_VISIT:
            left_out += 1
            continue
        minutes.append(-(-took // timedelta(minutes=1)))
        days.add(visit.day)
    is_enough = len(minutes) >= FEWEST_VISITS and len(days) >= FEWEST_DAYS
    return Measured(
        visits=len(minutes),
        days=len(days),
        left_out=left_out,
        counters=at_most(sorted(map(len, staff.values())), part=50) if staff else None,
        median=at_most(sorted(minutes), part=50) if is_enough else None,
        most=at_most(sorted(minutes), part=80) if is_enough else None,
        waited=_half_and_most(sorted(waits)) if len(waits) >= FEWEST_VISITS else None,
    )


def _half_and_most(values: Sequence[int]) -> tuple[int, int]:
    return at_most(values, part=50), at_most(values, part=80)


def at_most(values: Sequence[int], *, part: int) -> int:
    """The smallest of the ordered values that `part` of a hundred do not exceed; there is at least one."""
    return values[max(0, -(-len(values) * part // 100) - 1)]


def with_minutes(week: Week, *, minutes: int) -> Week:
    """The same week with so many minutes for each person, where its ranges are long enough for one."""
    return Week(
        tuple(
            tuple(Hours(each.opens, each.closes, min(minutes, each.closes - each.opens), each.counters) for each in day)
            for day in week.days
        )
    )


def minutes_stated(week: Week) -> tuple[int, ...]:
    """The different minutes for a person that a week has, in order; usually one."""
    return tuple(sorted({hours.minutes_per_person for day in week.days for hours in day}))
