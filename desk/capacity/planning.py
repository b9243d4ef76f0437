"""Making the slots of a queue's days from its rules: idempotent, and never against somebody who holds a place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, or_, select, update
from sqlalchemy.orm import Session

from desk.calendar import instant_of, local_day_of
from desk.capacity.freed import places_freed
from desk.capacity.models import Queue, Slot, SlotStatus
from desk.capacity.rows import Changed
from desk.capacity.rules import WINDOW_DAYS, PlannedSlot, instants_around
from desk.capacity.shares import Apart, Share
from desk.capacity.timetables import QueueTimetable, timetables
from desk.events.reacting import setting_apart
from desk.offices.models import Office
from desk.parts import ToSetApart
from desk.storage.base import WriteSession
from desk.storage.rows import columns_for
from desk.storage.upsert import insert_many_if_new, table_of
from desk.values import LocalDay

slots = table_of(Slot)
NOTHING = Changed(made=0, changed=0, closed=0, kept_over=())
IDS_AT_ONCE = 500
CLOSED = SlotStatus.CLOSED
QUEUES_AT_ONCE = 100

Start = tuple[int, datetime]
"""A start of a queue: the queue's id and the instant."""


class _Slot(NamedTuple):
    """A slot as the last planning left it."""

    id: int
    queue_id: int
    starts_at: datetime
    planned: int
    minutes: int
    status: SlotStatus
    rule_version: int
    capacity: int
    desk: int
    walk_in: int

    @property
    def apart(self) -> Apart:
        """What was set apart of it."""
        return Apart(self.desk, self.walk_in)


_SLOT_COLUMNS = columns_for(
    _Slot,
    *slots.c["id", "queue_id", "starts_at", "planned", "minutes", "status", "rule_version", "capacity"],
    *slots.c["desk", "walk_in"],
)


@dataclass(frozen=True, slots=True)
class Staying:
    """`people` who hold a place at a start that is no longer planned, and until when they need a counter."""

    starts_at: datetime
    until: datetime
    people: int


def materialise(session: WriteSession, *, queue_id: int, days: Sequence[date], now: datetime) -> Changed:
    """Remake the slots of one queue's days by its rules; see `bring_into_line`. Raises LookupError."""
    if session.get(Queue, queue_id) is None:
        raise LookupError(f"no queue {queue_id}")
    return bring_into_line(session, queue_ids=[queue_id], days=days, now=now)


def bring_into_line(session: WriteSession, *, queue_ids: Sequence[int], days: Sequence[date], now: datetime) -> Changed:
    """Remake the slots of these days by the rules of these queues; slots that have begun stay as they are.

    A slot that the rules no longer contain is closed, never deleted. A slot with more people than places keeps them
    all, offers nothing, and is named in `kept_over`. People of a removed start keep their counter: the slots that
    overlap it offer as many places less until a later run finds them gone. A second run changes nothing.
    Days of a queue with more free places than before are passed to `places_freed`.
    A dozen statements, however many queues; the caller splits the queues of the country into batches.
    """
    if not days or not queue_ids:
        return NOTHING
    tables = timetables(session, queue_ids=queue_ids, days=days)
    wanted, apart, begun = _wanted(tables, days=days, now=now)
    of_these_days = (
        slots.c.queue_id.in_(queue_ids),
        slots.c.day.in_(days),
        slots.c.starts_at.between(*instants_around(min(days), max(days))),
    )
    these = (*of_these_days, slots.c.starts_at > now)
    there = {
        (slot.queue_id, slot.starts_at): slot
        for slot in map(_Slot._make, session.execute(select(*_SLOT_COLUMNS).where(*these)))
    }
    # Removed slots are closed first: nobody can take a place there any more, so the count below is complete.
    closed = 0
    to_close: dict[int, list[int]] = defaultdict(list)
    for start in there.keys() - wanted.keys():
        slot = there[start]
        is_new = (slot.planned, slot.status) != (0, CLOSED)
        closed += is_new
        if is_new or slot.rule_version != tables[start[0]].version:
            to_close[tables[start[0]].version].append(slot.id)
    _let_go(session, [there[start] for start in there.keys() - wanted.keys()])
    for version, ids in sorted(to_close.items()):
        _set_planned(session, sorted(ids), planned=0, version=version)
    staying = _staying(session, of_these_days, known=wanted.keys() | begun)
    places = {start: _places(start, row, staying=staying.get((start[0], row[0]), [])) for start, row in wanted.items()}
    apart = {start: apart[start].within(places[start]) for start in wanted}
    apart |= _beside_used(session, {start: there[start] for start in there.keys() & wanted.keys()}, apart)
    versions = {queue_id: table.version for queue_id, table in tables.items()}
    made = _make(
        session, {start: (*wanted[start], places[start]) for start in wanted.keys() - there.keys()}, versions=versions
    )
    to_set: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    changed = 0
    other: set[Start] = set(wanted.keys() - there.keys())
    for start in there.keys() & wanted.keys():
        slot = there[start]
        target = (places[start], wanted[start][1].minutes)
        differs = (*target, SlotStatus.LIVE, apart[start]) != (slot.planned, slot.minutes, slot.status, slot.apart)
        if differs:
            other.add(start)
        changed += differs
        if differs or slot.rule_version != versions[start[0]]:
            to_set[(*target, versions[start[0]])].append(slot.id)
    _let_go(session, [there[start] for start in other & there.keys()])
    for (offered, minutes, version), ids in sorted(to_set.items()):
        _set_planned(session, sorted(ids), planned=offered, minutes=minutes, version=version)
    # Before anybody is told of free places: what is set apart is not theirs.
    _set_apart(session, {start: apart[start] for start in other}, there=there, tables=tables, these=these, now=now)
    # The capacity is what is taken and what is free: where it grows, places become free.
    had = {start: (slot.capacity, slot.apart.places) for start, slot in there.items()}
    opened = {
        (start[0], day)
        for start, (day, _) in wanted.items()
        if places[start] > had.get(start, (0, 0))[0] or apart[start].places < had.get(start, (0, 0))[1]
    }
    _tell_opened(session, opened, tables)
    over = session.scalars(
        select(slots.c.id).where(*these, slots.c.capacity > slots.c.planned).order_by(slots.c.starts_at, slots.c.id)
    )
    return Changed(made=made, changed=changed, closed=closed, kept_over=tuple(over))


def _wanted(
    tables: Mapping[int, QueueTimetable], *, days: Iterable[date], now: datetime
) -> tuple[dict[Start, tuple[date, PlannedSlot]], dict[Start, Apart], set[Start]]:
    """The planned starts that lie ahead, what is to be set apart of each, and the planned starts that have begun."""
    wanted: dict[Start, tuple[date, PlannedSlot]] = {}
    apart: dict[Start, Apart] = {}
    begun: set[Start] = set()
    for queue_id, table in tables.items():
        for day in sorted(set(days)):
            plan = table.plan(day)
            for planned, set_apart in zip(plan, table.shares.split([each.capacity for each in plan]), strict=True):
                starts_at = instant_of(LocalDay(day), minutes=planned.start, zone=table.zone)
                if starts_at > now:  # two local times are one instant when clocks are put forward
                    wanted.setdefault((queue_id, starts_at), (day, planned))
                    apart.setdefault((queue_id, starts_at), set_apart)
                else:
                    begun.add((queue_id, starts_at))
    return wanted, apart, begun


def _beside_used(
    session: WriteSession, there: Mapping[Start, _Slot], apart: Mapping[Start, Apart]
) -> dict[Start, Apart]:
    """What stays set apart of the slots of which less is wanted now: never less than is used of it."""
    lowered = {
        start: slot
        for start, slot in there.items()
        if slot.desk > apart[start].desk or slot.walk_in > apart[start].walk_in
    }
    if not lowered:
        return {}
    used = setting_apart().used(session, sorted(slot.id for slot in lowered.values()))
    found = {}
    for start, slot in lowered.items():
        desk, walk_in = used.get(slot.id, (0, 0))
        found[start] = Apart(max(apart[start].desk, desk), max(apart[start].walk_in, walk_in))
    return found


def _let_go(session: WriteSession, planned_anew: Iterable[_Slot]) -> None:
    """Give back what is set apart of slots that are planned anew: it is no person who holds a place."""
    ids = [slot.id for slot in planned_anew if slot.apart.places]
    if ids:
        setting_apart().let_go(session, ids)


def _set_apart(
    session: WriteSession,
    apart: Mapping[Start, Apart],
    *,
    there: Mapping[Start, _Slot],
    tables: Mapping[int, QueueTimetable],
    these: Sequence[ColumnElement[bool]],
    now: datetime,
) -> None:
    """Set places of these slots apart, or note that none are any more."""
    if not any(each.places or (start in there and there[start].apart.places) for start, each in apart.items()):
        return
    wanted = []
    for slot in session.execute(select(*slots.c["id", "queue_id", "starts_at"]).where(*these)):
        each, table = apart.get((slot.queue_id, slot.starts_at)), tables[slot.queue_id]
        if each is not None:
            until = {share: table.shares.until(share, slot.starts_at, zone=table.zone) for share in Share}
            wanted.append(
                ToSetApart(
                    slot_id=slot.id,
                    desk=each.desk,
                    walk_in=each.walk_in,
                    desk_until=until[Share.DESK],
                    walk_in_until=until[Share.WALK_IN],
                )
            )
    setting_apart().set_apart(session, wanted, now)


def _tell_opened(session: WriteSession, days: Set[tuple[int, date]], tables: Mapping[int, QueueTimetable]) -> None:
    for queue_id, day in sorted(days):
        places_freed(session, queue_id=queue_id, office_id=tables[queue_id].office_id, day=day)


def _staying(
    session: Session, of_these_days: Sequence[ColumnElement[bool]], *, known: Set[Start]
) -> dict[tuple[int, date], list[Staying]]:
    """The people at removed starts, by queue and day; those whose time has begun may still be there."""
    found: dict[tuple[int, date], list[Staying]] = defaultdict(list)
    taken = slots.c.capacity - slots.c.remaining
    for slot in session.execute(
        select(*slots.c["queue_id", "starts_at", "day", "minutes"], taken.label("people")).where(
            *of_these_days, taken > 0
        )
    ):
        if (slot.queue_id, slot.starts_at) not in known:
            ends_at = slot.starts_at + timedelta(minutes=slot.minutes)
            found[slot.queue_id, slot.day].append(Staying(slot.starts_at, ends_at, slot.people))
    return found


def _places(start: Start, wanted: tuple[date, PlannedSlot], *, staying: Sequence[Staying]) -> int:
    """The places a start can offer while people of removed, overlapping starts need counters."""
    _, planned = wanted
    starts_at = start[1]
    until = starts_at + timedelta(minutes=planned.minutes)
    beside = sum(each.people for each in staying if each.starts_at < until and starts_at < each.until)
    return max(0, planned.capacity - beside)


def _make(
    session: WriteSession, wanted: dict[Start, tuple[date, PlannedSlot, int]], *, versions: dict[int, int]
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
            "rule_version": versions[queue_id],
        }
        for (queue_id, starts_at), (day, planned, places) in sorted(wanted.items())
    ]
    if rows:
        session.connection().execute(insert_many_if_new(session, Slot, unique=("queue_id", "starts_at")), rows)
    return len(rows)


def _set_planned(
    session: WriteSession, ids: Sequence[int], *, planned: int, minutes: int | None = None, version: int
) -> None:
    """Set the planned places of slots, or close them where `minutes` is None.

    The statement itself reads how many places are taken, so a concurrent booking is not lost.
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
    """Make the slots of `window_days` days from `today` on, and store the last day and the rule version.

    Days that were made by the present rules are skipped, so a daily run makes one day.
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


def refill(session: WriteSession, *, queue_id: int, now: datetime) -> Changed:
    """Raise the queue's rule version and remake its whole window; every change of rules ends here."""
    session.execute(
        update(Queue)
        .where(Queue.id == queue_id)
        .values(rule_version=Queue.rule_version + 1)
        .execution_options(synchronize_session="fetch")
    )
    zone = session.scalar(select(Office.zone).join(Queue, Queue.office_id == Office.id).where(Queue.id == queue_id))
    if zone is None:
        raise LookupError(f"no queue {queue_id}")
    return roll_window(session, queue_id=queue_id, today=local_day_of(now, zone=zone).date, now=now)


def refill_office(session: WriteSession, *, office_id: int, now: datetime) -> None:
    """Remake the window of every queue of an office whose use or province has changed."""
    for queue_id in session.scalars(select(Queue.id).where(Queue.office_id == office_id).order_by(Queue.id)).all():
        refill(session, queue_id=queue_id, now=now)


def refill_days(session: WriteSession, *, days: Sequence[date], province_code: str | None, now: datetime) -> None:
    """Remake these days for every queue of the country or a province that has made them already.

    All queues are locked first, so that none is filled meanwhile by the old holidays.
    """
    queues = select(Queue.id, Queue.filled_until).order_by(Queue.id).with_for_update(of=Queue)
    if province_code is not None:
        queues = queues.join(Office, Office.id == Queue.office_id).where(Office.province_code == province_code)
    found = session.execute(queues).all()
    for day in sorted(set(days)):
        with_slots = set(
            session.scalars(
                select(slots.c.queue_id)
                .where(slots.c.day == day, slots.c.starts_at.between(*instants_around(day, day)))
                .distinct()
            )
        )
        ids = [queue_id for queue_id, filled in found if queue_id in with_slots or (filled and filled >= day)]
        for first in range(0, len(ids), QUEUES_AT_ONCE):
            bring_into_line(session, queue_ids=ids[first : first + QUEUES_AT_ONCE], days=[day], now=now)


def queues_to_fill(session: Session, *, until: date) -> list[int]:
    """The ids of queues whose window ends before `until` or was made by an older rule version."""
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
