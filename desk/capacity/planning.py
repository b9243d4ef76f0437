"""Making the slots of a queue's days from its rules: idempotent, and never against somebody who holds a place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, case, or_, select, update
from sqlalchemy.orm import Session

from desk.calendar import instant_of
from desk.capacity.models import CapacityException, ExceptionKind, Holiday, OpeningRule, Queue, Slot, SlotStatus
from desk.capacity.rows import Changed
from desk.capacity.rules import WINDOW_DAYS, DayException, PlannedSlot, WeeklyRule, day_plan, instants_around
from desk.offices.models import Office
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_many_if_new, table_of
from desk.values import LocalDay

slots = table_of(Slot)
NOTHING = Changed(made=0, changed=0, closed=0, kept_over=())
IDS_AT_ONCE = 500
CLOSED = SlotStatus.CLOSED


@dataclass(frozen=True, slots=True)
class Timetable:
    """All that decides about the days of a queue: its rules, and the exceptions and holidays of those days."""

    version: int
    zone: str
    rules: tuple[WeeklyRule, ...]
    exceptions: dict[date, DayException]
    holidays: frozenset[date]

    def plan(self, day: date) -> list[PlannedSlot]:
        """The places of one day."""
        return day_plan(self.rules, exception=self.exceptions.get(day), holiday=day in self.holidays, day=day)


@dataclass(frozen=True, slots=True)
class Staying:
    """So many people who hold a place at a start that is no longer planned, and until when they need a counter."""

    starts_at: datetime
    until: datetime
    people: int


def timetable(session: Session, *, queue_id: int, days: Sequence[date]) -> Timetable:
    """The timetable of a queue for these days; a queue or an office out of use has no rules. Raises LookupError."""
    found = session.execute(
        select(Queue.rule_version, Queue.is_active, Office.is_active, Office.zone, Office.province_code)
        .join(Office, Office.id == Queue.office_id)
        .where(Queue.id == queue_id)
        .with_for_update(of=Queue)
    ).one_or_none()
    if found is None:
        raise LookupError(f"no queue {queue_id}")
    version, queue_active, office_active, zone, province_code = found
    rules: list[WeeklyRule] = []
    if queue_active and office_active:
        rules = [_rule_of(row) for row in session.scalars(select(OpeningRule).where(OpeningRule.queue_id == queue_id))]
    exceptions = session.scalars(
        select(CapacityException).where(CapacityException.queue_id == queue_id, CapacityException.day.in_(days))
    )
    holidays = session.scalars(
        select(Holiday.day).where(
            Holiday.day.in_(days), Holiday.is_closed.is_(True), Holiday.province_key.in_(["", province_code])
        )
    )
    return Timetable(
        version=version,
        zone=zone,
        rules=tuple(rules),
        exceptions={row.day: _exception_of(row) for row in exceptions},
        holidays=frozenset(holidays),
    )


def materialise(session: WriteSession, *, queue_id: int, days: Sequence[date], now: datetime) -> Changed:
    """Bring the slots of these days into line with the rules; what has begun is left as it is.

    A slot that the rules no longer know is closed, never deleted. One with more takers than planned keeps them all,
    offers nothing, and is named in `kept_over`. People of a start that is gone keep their counter: the slots that
    overlap it offer as many places less, which come back when a later run finds them free. Twice the same = nothing.
    Raises LookupError for an unknown queue.
    """
    if not days:
        return NOTHING
    table = timetable(session, queue_id=queue_id, days=days)
    wanted: dict[datetime, tuple[date, PlannedSlot]] = {}
    begun: set[datetime] = set()
    for day in sorted(set(days)):
        for planned in table.plan(day):
            starts_at = instant_of(LocalDay(day), minutes=planned.start, zone=table.zone)
            if starts_at > now:
                wanted.setdefault(starts_at, (day, planned))  # two wall times may be one instant when clocks change
            else:
                begun.add(starts_at)
    of_these_days = (
        slots.c.queue_id == queue_id,
        slots.c.day.in_(days),
        slots.c.starts_at.between(*instants_around(min(days), max(days))),
    )
    these = (*of_these_days, slots.c.starts_at > now)
    there = {
        starts_at: (slot_id, planned, minutes, status, version)
        for slot_id, starts_at, planned, minutes, status, version in session.execute(
            select(
                slots.c.id,
                slots.c.starts_at,
                slots.c.planned,
                slots.c.minutes,
                slots.c.status,
                slots.c.rule_version,
            ).where(*these)
        )
    }
    # First what is gone is closed: from then on nobody can take a place there, so who is counted below are all.
    gone = {starts_at: row for starts_at, row in there.items() if starts_at not in wanted}
    to_close = [slot_id for slot_id, planned, _, status, _ in gone.values() if (planned, status) != (0, CLOSED)]
    stale = [slot_id for slot_id, planned, _, status, version in gone.values() if version != table.version]
    _set_planned(session, list(dict.fromkeys([*to_close, *stale])), planned=0, version=table.version)
    staying = _staying(session, of_these_days, known=wanted.keys() | begun)
    places = {starts_at: _places(starts_at, row, staying=staying.get(row[0], [])) for starts_at, row in wanted.items()}
    made = _make(
        session,
        queue_id,
        {start: (*wanted[start], places[start]) for start in wanted.keys() - there.keys()},
        table.version,
    )
    to_set: dict[tuple[int, int], list[int]] = defaultdict(list)
    changed = 0
    for starts_at in there.keys() & wanted.keys():
        slot_id, planned, minutes, status, version = there[starts_at]
        target = (places[starts_at], wanted[starts_at][1].minutes)
        differs = (*target, SlotStatus.LIVE) != (planned, minutes, status)
        changed += differs
        if differs or version != table.version:
            to_set[target].append(slot_id)
    for (offered, minutes), ids in sorted(to_set.items()):
        _set_planned(session, sorted(ids), planned=offered, minutes=minutes, version=table.version)
    over = session.scalars(
        select(slots.c.id).where(*these, slots.c.capacity > slots.c.planned).order_by(slots.c.starts_at)
    )
    return Changed(made=made, changed=changed, closed=len(to_close), kept_over=tuple(over))


def _staying(
    session: Session, of_these_days: Sequence[ColumnElement[bool]], *, known: Set[datetime]
) -> dict[date, list[Staying]]:
    """By day, the people at starts that the rules no longer know; those that began already may still be there."""
    found: dict[date, list[Staying]] = defaultdict(list)
    taken = slots.c.capacity - slots.c.remaining
    for starts_at, day, minutes, people in session.execute(
        select(slots.c.starts_at, slots.c.day, slots.c.minutes, taken).where(*of_these_days, taken > 0)
    ):
        if starts_at not in known:
            found[day].append(Staying(starts_at, starts_at + timedelta(minutes=minutes), people))
    return found


def _places(starts_at: datetime, wanted: tuple[date, PlannedSlot], *, staying: Sequence[Staying]) -> int:
    """The places a start can offer beside the people of overlapping starts that are gone."""
    _, planned = wanted
    until = starts_at + timedelta(minutes=planned.minutes)
    beside = sum(each.people for each in staying if each.starts_at < until and starts_at < each.until)
    return max(0, planned.capacity - beside)


def _make(
    session: WriteSession, queue_id: int, wanted: dict[datetime, tuple[date, PlannedSlot, int]], version: int
) -> int:
    rows = [
        {
            "queue_id": queue_id,
            "starts_at": starts_at,
            "day": day,
            "minutes": planned.minutes,
            "planned": places,
            "capacity": places,
            "remaining": places,
            "status": SlotStatus.LIVE,
            "is_open": places > 0,
            "rule_version": version,
        }
        for starts_at, (day, planned, places) in sorted(wanted.items())
    ]
    if rows:
        session.connection().execute(insert_many_if_new(session, Slot, unique=("queue_id", "starts_at")), rows)
    return len(rows)


def _set_planned(
    session: WriteSession, ids: Sequence[int], *, planned: int, minutes: int | None = None, version: int
) -> None:
    """Set the plan of slots, or close them where `minutes` is None.

    The takers of each are read in the statement itself, so a rival's turn can't be lost.
    """
    taken = slots.c.capacity - slots.c.remaining
    statement = update(slots).values(
        planned=planned,
        capacity=case((taken > planned, taken), else_=planned),
        remaining=case((taken > planned, 0), else_=planned - taken),
        status=CLOSED if minutes is None else SlotStatus.LIVE,
        is_open=False if minutes is None else taken < planned,
        rule_version=version,
    )
    if minutes is not None:
        statement = statement.values(minutes=minutes)
    for first in range(0, len(ids), IDS_AT_ONCE):
        session.connection().execute(statement.where(slots.c.id.in_(ids[first : first + IDS_AT_ONCE])))


def roll_window(
    session: WriteSession, *, queue_id: int, today: date, window_days: int = WINDOW_DAYS, now: datetime
) -> Changed:
    """Make the slots from `today` on for so many days, and remember how far and by which rules that was done.

    Days that were made by the rules in force are passed over, so a daily run makes one day.
    """
    last = today + timedelta(days=window_days - 1)
    queue = session.get(Queue, queue_id, populate_existing=True)
    if queue is None:
        raise LookupError(f"no queue {queue_id}")
    first, until = today, max(last, queue.filled_until or last)
    if queue.filled_version == queue.rule_version and queue.filled_until is not None:
        first = max(today, queue.filled_until + timedelta(days=1))
    days = [first + timedelta(days=n) for n in range((until - first).days + 1)]
    changed = materialise(session, queue_id=queue_id, days=days, now=now)
    queue.filled_until = until
    queue.filled_version = queue.rule_version
    session.flush()
    return changed


def queues_to_fill(session: Session, *, until: date) -> list[int]:
    """Ids of the queues whose window ends before `until`, or was made by older rules than those in force."""
    return list(
        session.scalars(
            select(Queue.id)
            .where(
                or_(
                    Queue.filled_until.is_(None), Queue.filled_until < until, Queue.filled_version != Queue.rule_version
                ),
                or_(Queue.is_active.is_(True), Queue.filled_until.is_not(None)),
            )
            .order_by(Queue.id)
        )
    )


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
    return DayException(
        is_closed=row.kind is ExceptionKind.CLOSED, opens=row.opens, closes=row.closes, counters=row.counters
    )
