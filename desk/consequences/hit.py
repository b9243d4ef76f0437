"""Finds the live future appointments that lost their time, or their place at it, by a change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, literal_column, not_, or_, select
from sqlalchemy.orm import Session

from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.calendar import instant_of, local_day_of
from desk.capacity.models import Queue, QueueService, Slot, SlotStatus
from desk.capacity.rules import instants_around
from desk.capacity.timetables import timetables
from desk.catalogue.models import Service
from desk.consequences.rules import Why, fingerprint
from desk.offices.models import Office
from desk.storage.upsert import table_of
from desk.values import LocalDay

appointments, slots, queues = table_of(Appointment), table_of(Slot), table_of(Queue)
offices, services, links = table_of(Office), table_of(Service), table_of(QueueService)

AT_ONCE = 500
"""Ids in one statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a change can affect: only appointments that match all given fields; nothing given = the whole country."""

    queue_id: int | None = None
    queue_ids: tuple[int, ...] = ()
    """Further queues that the same change is about; only beside `queue_id`."""
    office_id: int | None = None
    province_code: str | None = None
    service_id: int | None = None
    day: date | None = None

    @property
    def queues(self) -> list[int]:
        """All queues that the change is about; empty = it is not about queues."""
        return [] if self.queue_id is None else [self.queue_id, *self.queue_ids]


class HitAppointment(NamedTuple):
    """An affected appointment: its office, its time and in what way; no name."""

    id: int
    slot_id: int
    office_id: int
    queue_id: int
    starts_at: datetime
    day: date
    household_id: int | None
    has_place: bool
    """False = another one of its household at its slot has the place for both."""
    why: Why


class OpenDays(NamedTuple):
    """The state before a change: the appointments without a time, and which days of their queues were open."""

    stranded: Mapping[int, HitAppointment]
    days: frozenset[tuple[int, date]]


nobody_serves_it: ColumnElement[bool] = or_(
    slots.c.status == SlotStatus.CLOSED,
    not_(queues.c.is_active),
    not_(offices.c.is_active),
    links.c.queue_id.is_(None),
    not_(links.c.is_active),
    not_(services.c.is_bookable),
    not_(services.c.is_published),
)
"""The condition that a slot is closed, its queue or office is inactive, or the service is not offered there any
more."""


_WITH_THEIR_SLOTS: Select[Any] = (
    select(
        *appointments.c["id", "slot_id", "office_id", "starts_at", "day", "household_id", "has_place"],
        slots.c.queue_id,
    )
    .join(slots, slots.c.id == appointments.c.slot_id)
    .join(queues, queues.c.id == slots.c.queue_id)
    .join(offices, offices.c.id == appointments.c.office_id)
    .join(services, services.c.id == appointments.c.service_id)
    .outerjoin(links, and_(links.c.queue_id == queues.c.id, links.c.service_id == appointments.c.service_id))
)
_HAS_ITS_PLACE = _WITH_THEIR_SLOTS.where(
    appointments.c.id == bindparam("appointment"),
    not_(nobody_serves_it),
    slots.c.capacity <= slots.c.planned,
)


def has_its_place(session: Session, appointment_id: int) -> bool:
    """Whether the slot of an appointment is open, and its service given there, for as many people as have booked."""
    return session.execute(_HAS_ITS_PLACE, {"appointment": appointment_id}).first() is not None


def stranded(session: Session, *, reach: Reach, now: datetime) -> dict[int, HitAppointment]:
    """The live future appointments within `reach` that have lost their time or place, by id, in order of time."""
    found = {
        appointment.id: appointment
        for appointment in _hit(session, _ahead(reach, now).where(nobody_serves_it), Why.CLOSED)
    }
    if reach.queue_id is not None:
        for appointment in _above_plan(session, reach, now):
            found.setdefault(appointment.id, appointment)
    return found


def ahead(session: Session, *, reach: Reach, now: datetime) -> dict[int, HitAppointment]:
    """All live future appointments within `reach`, for a change that affects all of them: a new address."""
    return {appointment.id: appointment for appointment in _hit(session, _ahead(reach, now), Why.ADDRESS)}


def before(session: Session, *, reach: Reach, now: datetime) -> OpenDays:
    """Read the state before a change, to find afterwards what it affected."""
    already = stranded(session, reach=reach, now=now)
    return OpenDays(already, _open_days(session, already.values()))


def newly(session: Session, *, was: OpenDays, reach: Reach, now: datetime) -> tuple[HitAppointment, ...]:
    """The appointments that a change has affected, in order of time.

    One that an office kept outside of its hours before is not asked about again, unless its whole day has closed now.
    """
    found = stranded(session, reach=reach, now=now)
    still_open = _open_days(session, (appointment for appointment in found.values() if appointment.id in was.stranded))
    return tuple(
        appointment
        for appointment in found.values()
        if appointment.id not in was.stranded
        or (
            (appointment.queue_id, appointment.day) in was.days
            and (appointment.queue_id, appointment.day) not in still_open
        )
    )


def sign_of(hit: Iterable[HitAppointment]) -> str:
    """The fingerprint of these affected appointments."""
    return fingerprint((appointment.id, appointment.slot_id) for appointment in hit)


def _ahead(reach: Reach, now: datetime) -> Select[Any]:
    query = _WITH_THEIR_SLOTS.where(
        literal_column("appointments.is_live"),
        appointments.c.state == AppointmentState.BOOKED,
        appointments.c.starts_at > now,
        # One day before the instant's UTC day covers every zone.
        appointments.c.day >= local_day_of(now, zone="UTC").date - timedelta(days=1),
    ).order_by(appointments.c.starts_at, appointments.c.id)
    if reach.queue_id is not None:
        query = query.where(slots.c.queue_id.in_(reach.queues), slots.c.starts_at > now)
    if reach.office_id is not None:
        query = query.where(appointments.c.office_id == reach.office_id)
    elif reach.queue_id is None:
        # Joined through the offices, to use the index on office and day: none exists on the day alone.
        within = select(offices.c.id)
        if reach.province_code is not None:
            within = within.where(offices.c.province_code == reach.province_code)
        query = query.where(appointments.c.office_id.in_(within.scalar_subquery()))
    if reach.service_id is not None:
        query = query.where(appointments.c.service_id == reach.service_id)
    if reach.day is not None:
        query = query.where(appointments.c.day == reach.day)
    return query


def _hit(session: Session, query: Select[Any], why: Why) -> list[HitAppointment]:
    return [HitAppointment(**row._mapping, why=why) for row in session.execute(query)]


def _above_plan(session: Session, reach: Reach, now: datetime) -> list[HitAppointment]:
    """The latest bookings of a start that the rules give fewer places than it has people, and who shares their place.

    Counted against the rules: a slot also offers less while people of a removed start need its counter, and these are
    reported by themselves.
    """
    full = _ahead(reach, now).where(
        slots.c.status == SlotStatus.LIVE, slots.c.capacity > slots.c.planned, slots.c.remaining == 0
    )
    at_slot: dict[int, list[HitAppointment]] = defaultdict(list)
    for appointment in _hit(session, full, Why.OVER):
        at_slot[appointment.slot_id].append(appointment)
    if not at_slot:
        return []
    planned = _planned(
        session, {(appointment.queue_id, appointment.day) for there in at_slot.values() for appointment in there}
    )
    found = []
    for there in at_slot.values():
        places = planned.get((there[0].queue_id, there[0].starts_at), 0)
        holding = sorted((each for each in there if each.has_place), key=lambda appointment: appointment.id)
        found += holding[places:]
        with_them = {each.household_id for each in holding[places:]} - {None}
        found += [each for each in there if not each.has_place and each.household_id in with_them]
    return sorted(found, key=lambda appointment: (appointment.starts_at, appointment.id))


def _planned(session: Session, days: Iterable[tuple[int, date]]) -> dict[tuple[int, datetime], int]:
    """The places that the rules give each start of these queues and days."""
    by_queue: dict[int, list[date]] = defaultdict(list)
    for queue_id, day in sorted(days):
        by_queue[queue_id].append(day)
    found: dict[tuple[int, datetime], int] = {}
    for queue_id, its_days in by_queue.items():
        table = timetables(session, queue_ids=[queue_id], days=its_days)[queue_id]
        for day in its_days:
            for planned in table.plan(day):
                starts_at = instant_of(LocalDay(day), minutes=planned.start, zone=table.zone)
                found.setdefault((queue_id, starts_at), planned.capacity)
    return found


def _open_days(session: Session, of: Iterable[HitAppointment]) -> frozenset[tuple[int, date]]:
    """Which queues and days of these appointments are open at all."""
    asked = {(appointment.queue_id, appointment.day) for appointment in of}
    if not asked:
        return frozenset()
    query = (
        select(slots.c.queue_id, slots.c.day)
        .join(queues, queues.c.id == slots.c.queue_id)
        .join(offices, offices.c.id == queues.c.office_id)
        .where(slots.c.status == SlotStatus.LIVE, slots.c.planned > 0, queues.c.is_active, offices.c.is_active)
        .distinct()
    )
    found: set[tuple[int, date]] = set()
    days = sorted({day for _, day in asked})
    its_queues = sorted({queue_id for queue_id, _ in asked})
    for first in range(0, len(its_queues), AT_ONCE):
        these = query.where(
            slots.c.queue_id.in_(its_queues[first : first + AT_ONCE]),
            slots.c.day.in_(days),
            slots.c.starts_at.between(*instants_around(days[0], days[-1])),
        )
        found.update((queue_id, day) for queue_id, day in session.execute(these))
    return frozenset(found & asked)
