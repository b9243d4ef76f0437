"""Counts whom a closing would hit, and estimates what becomes of them, without making it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, literal_column, select
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.calendar import local_day_of
from desk.capacity.cutting import CutKind, DayCut
from desk.capacity.models import Queue, QueueService, Slot
from desk.capacity.quotas import left_of, usable
from desk.capacity.rules import WINDOW_DAYS
from desk.figures.models import DayFigures
from desk.figures.of_services import FOR_SERVICE, FREE_FOR_SERVICE
from desk.offices.models import Office
from desk.storage.upsert import table_of
from desk.values import LocalMoment

_appointments, _slots, _queues = table_of(Appointment), table_of(Slot), table_of(Queue)
_links, _offices, _figures = table_of(QueueService), table_of(Office), table_of(DayFigures)
AT_ONCE = 500
"""Queues of one statement."""


class QueueDay(NamedTuple):
    """One day of one queue."""

    queue_id: int
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeseenClosing:
    """Whom a closing hits; where they go is estimated by what is free now, and adds up to the number."""

    by_office: Counter[int]
    at_their_office: int
    elsewhere: int
    nowhere: int
    first: datetime | None
    """The earliest time that is taken away."""

    @property
    def number(self) -> int:
        """All people who are hit."""
        return self.by_office.total()


class _Hit(NamedTuple):
    office_id: int
    service_id: int
    queue_id: int
    day: date
    slot_id: int
    starts_at: datetime
    minutes: int
    planned: int
    zone: str


def foresee_closing(session: Session, *, days: Sequence[QueueDay], by: DayCut, now: datetime) -> ForeseenClosing:
    """Whom this would hit; opening more hits nobody."""
    hit = list(_hit(session, days=days, by=by, now=now)) if by.kind is CutKind.CLOSE else []
    wanted = Counter((each.office_id, each.service_id) for each in hit)
    shut = set(days) if by.is_whole_day else set()
    here = _free_here(session, wanted, shut=shut, now=now)
    anywhere = _free_anywhere(session, {service_id for _, service_id in wanted}, since=min(days)[1] if days else None)
    own = elsewhere = 0
    for key, number in wanted.items():
        stay = min(number, here[key])
        own += stay
        left = max(0, anywhere[key[1]] - here[key])
        go = min(number - stay, left)
        anywhere[key[1]] -= stay + go
        elsewhere += go
    return ForeseenClosing(
        by_office=Counter(each.office_id for each in hit),
        at_their_office=own,
        elsewhere=elsewhere,
        nowhere=len(hit) - own - elsewhere,
        first=min((each.starts_at for each in hit), default=None),
    )


def _hit(session: Session, *, days: Sequence[QueueDay], by: DayCut, now: datetime) -> Iterator[_Hit]:
    wanted = set(days)
    at_slot: dict[int, list[_Hit]] = defaultdict(list)
    for each in _ahead(session, days=days, now=now):
        if (each.queue_id, each.day) not in wanted:
            continue
        starts = LocalMoment(each.starts_at, each.zone).clock.minutes
        is_within = (by.opens is None or starts + each.minutes > by.opens) and (by.closes is None or starts < by.closes)
        if is_within:
            at_slot[each.slot_id].append(each)
    for there in at_slot.values():
        places = 0 if by.counters is None else max(0, there[0].planned - by.counters)
        yield from there[places:]


def _ahead(session: Session, *, days: Sequence[QueueDay], now: datetime) -> Iterator[_Hit]:
    queue_ids = sorted({each.queue_id for each in days})
    its_days = sorted({each.day for each in days})
    query = (
        select(
            *_appointments.c["office_id", "service_id"],
            *_slots.c["queue_id", "day", "id", "starts_at", "minutes", "planned"],
            _offices.c.zone,
        )
        .join(_slots, _slots.c.id == _appointments.c.slot_id)
        .join(_offices, _offices.c.id == _appointments.c.office_id)
        .where(
            literal_column("appointments.is_live"),
            _appointments.c.state == AppointmentState.BOOKED,
            _appointments.c.starts_at > now,
            _appointments.c.day.in_(its_days),
        )
        .order_by(_appointments.c.id)
    )
    for first in range(0, len(queue_ids), AT_ONCE):
        some = queue_ids[first : first + AT_ONCE]
        offices = select(_queues.c.office_id).where(_queues.c.id.in_(some))
        for row in session.execute(query.where(_appointments.c.office_id.in_(offices), _slots.c.queue_id.in_(some))):
            yield _Hit._make(row)


def days_soon(session: Session, *, now: datetime, until: datetime) -> set[QueueDay]:
    """The days of queues at which somebody has an appointment from now on and before `until`."""
    found = session.execute(
        select(_slots.c.queue_id, _slots.c.day)
        .join(_appointments, _appointments.c.slot_id == _slots.c.id)
        .where(
            literal_column("appointments.is_live"),
            _appointments.c.state == AppointmentState.BOOKED,
            _appointments.c.person_id.is_not(None),  # as the partial index of the days has it
            _appointments.c.day.between(local_day_of(now).date, local_day_of(until).date),
            _appointments.c.starts_at.between(now, until),
        )
        .distinct()
    )
    return {QueueDay._make(row) for row in found}


def _free_here(
    session: Session, wanted: Counter[tuple[int, int]], *, shut: set[QueueDay], now: datetime
) -> Counter[tuple[int, int]]:
    """The free places of the offices that are hit, by office and service, but for the days that close."""
    offices = sorted({office_id for office_id, _ in wanted})
    free: Counter[tuple[int, int]] = Counter()
    query = (
        select(
            _queues.c.office_id,
            _links.c.service_id,
            _slots.c.queue_id,
            _slots.c.day,
            func.sum(_slots.c.remaining).label("free"),
            left_of(_slots.c.queue_id, _links.c.service_id, _slots.c.day).label("left"),
        )
        .join(_queues, _queues.c.id == _slots.c.queue_id)
        .join(_links, _links.c.queue_id == _queues.c.id)
        .where(literal_column("slots.is_open"), _slots.c.starts_at > now, _links.c.is_active, _queues.c.is_active)
        .group_by(_queues.c.office_id, _links.c.service_id, _slots.c.queue_id, _slots.c.day)
    )
    for first in range(0, len(offices), AT_ONCE):
        some = offices[first : first + AT_ONCE]
        for row in session.execute(query.where(_queues.c.office_id.in_(some))):
            if (row.queue_id, row.day) not in shut:
                free[row.office_id, row.service_id] += usable(int(row.free), row.left)
    return free


def _free_anywhere(session: Session, services: set[int], *, since: date | None) -> Counter[int]:
    """The free places of these services in the whole country, as the figures of the days have them."""
    if not services or since is None:
        return Counter()
    found = session.execute(
        select(_links.c.service_id, func.sum(FREE_FOR_SERVICE))
        .select_from(FOR_SERVICE)
        .where(
            _links.c.service_id.in_(services),
            _links.c.is_active,
            _figures.c.day.between(since, since + timedelta(days=WINDOW_DAYS)),
        )
        .group_by(_links.c.service_id)
    )
    return Counter({service_id: int(free or 0) for service_id, free in found})
