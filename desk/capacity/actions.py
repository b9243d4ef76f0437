"""The actions on queues and on days that differ; those on weekly hours, holidays and planning are re-exported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, exists, select

from desk.acting import Actor, Permission
from desk.calendar import local_day_of
from desk.capacity.asking import require_queue
from desk.capacity.days_off import KnownHoliday, delete_holiday, fill_holidays, save_holiday
from desk.capacity.freed import places_freed
from desk.capacity.horizons import own_horizon, set_horizon
from desk.capacity.models import CapacityException, ExceptionKind, Queue, QueueService, Slot
from desk.capacity.planned_hours import Hours, refuse_day
from desk.capacity.planning import NOTHING, materialise, refill, refill_office, roll_window
from desk.capacity.refusals import NotPlausible
from desk.capacity.rows import Changed
from desk.capacity.rules import WINDOW_DAYS, DayHours, doubts_about, open_hours
from desk.capacity.saving_quotas import set_quotas
from desk.capacity.saving_shares import set_shares
from desk.capacity.saving_weeks import set_week
from desk.capacity.service_statuses import set_status
from desk.capacity.status_queries import withheld
from desk.capacity.timetables import timetables
from desk.capacity.weekly_hours import set_hours
from desk.events import actions as events
from desk.events.rules import plain, values_of
from desk.language.text import Localised
from desk.offices.models import Office
from desk.offices.reach import node_of
from desk.refusals import whole
from desk.storage.base import WriteSession

__all__ = [
    "Hours",
    "KnownHoliday",
    "clear_exception",
    "delete_holiday",
    "fill_holidays",
    "materialise",
    "refill_office",
    "roll_window",
    "save_holiday",
    "save_queue",
    "set_exception",
    "set_horizon",
    "set_hours",
    "set_quotas",
    "set_shares",
    "set_status",
    "set_week",
]


def save_queue(
    session: WriteSession,
    *,
    queue_id: int | None = None,
    office_id: int,
    name: Localised,
    service_ids: Sequence[int],
    is_active: bool = True,
    actor: Actor,
    now: datetime,
) -> int:
    """Make a queue for these services, or change one; returns its id.

    A service that is left out is no longer offered by the queue; one that is withheld from the office is tied to it and
    offered once it is given back. Where the queue is deactivated or activated, its slots follow at once. Raises
    OutOfReach, LookupError.
    """
    actor.require(Permission.CAPACITY_WRITE, at=node_of(session, office_id))
    queue = Queue(office_id=office_id) if queue_id is None else session.get(Queue, queue_id)
    if queue is None or queue.office_id != office_id:
        raise LookupError(f"no queue {queue_id} at office {office_id}")
    is_switched = queue_id is not None and queue.is_active != is_active
    before = values_of(queue, "name", "is_active") if queue_id is not None else None
    queue.name, queue.is_active = name, is_active
    session.add(queue)
    session.flush()
    linked = {
        link.service_id: link for link in session.scalars(select(QueueService).where(QueueService.queue_id == queue.id))
    }
    if before is not None:
        before["services"] = sorted(service_id for service_id, link in linked.items() if link.is_tied)
    not_given = withheld(session, office_id=office_id)
    for service_id, link in linked.items():
        link.is_tied = service_id in service_ids
        link.is_active = link.is_tied and service_id not in not_given
    session.add_all(
        QueueService(
            queue_id=queue.id,
            service_id=service_id,
            is_active=service_id not in not_given,
            **own_horizon(session, office_id=office_id, service_id=service_id),
        )
        for service_id in dict.fromkeys(service_ids)
        if service_id not in linked
    )
    session.flush()
    if is_switched:
        refill(session, queue_id=queue.id, now=now)
    elif before is not None and is_active and not set(service_ids) <= set(before["services"]):
        # Its free places can be booked for one service more.
        places_freed(session, queue_id=queue.id, office_id=office_id, day=None)
    after = {**values_of(queue, "name", "is_active"), "services": sorted(set(service_ids))}
    events.note(
        session,
        actor=actor,
        kind="queue.save",
        subject=f"queue:{queue.id}",
        office_id=office_id,
        old=before,
        new=after,
        now=now,
    )
    return queue.id


DAY = ("kind", "hours", "counters")
"""The values of an exception that the history keeps; the reason is a note for staff and is left out."""


def set_exception(
    session: WriteSession,
    *,
    queue_id: int,
    day: date,
    kind: ExceptionKind,
    hours: Sequence[DayHours] = (),
    counters: int | None = None,
    reason: str = "",
    is_sure: bool = True,
    actor: Actor,
    now: datetime,
) -> Changed:
    """Write an exception of one day and remake its slots at once; appointments of that day stay booked.

    `desk.consequences` decides what becomes of them. CLOSED needs no hours. HOURS needs hours, or counters alone where
    only those differ; EXTRA needs hours that lie beside the usual ones. Raises HoursOutOfOrder (also where hours
    overlap), OutOfReach, and NotPlausible unless `is_sure`.
    """
    office_id = require_queue(session, actor, queue_id=queue_id)
    if kind is ExceptionKind.CLOSED:
        hours, counters = (), None
    else:
        beside = _usual(session, queue_id=queue_id, day=day) if kind is ExceptionKind.EXTRA else []
        refuse_day(hours, counters=counters, needs_hours=kind is ExceptionKind.EXTRA, beside=beside)
    found = session.scalar(
        select(CapacityException).where(CapacityException.queue_id == queue_id, CapacityException.day == day)
    )
    exception = found or CapacityException(queue_id=queue_id, day=day)
    before = values_of(found, *DAY) if found else None
    exception.kind, exception.hours = kind, [each.told() for each in sorted(hours, key=lambda each: each.opens)]
    exception.counters, exception.reason = counters, whole(reason, most=200)
    session.add(exception)
    session.flush()
    if kind is not ExceptionKind.CLOSED and not is_sure:
        _doubt(session, queue_id=queue_id, day=day)
    events.note(
        session,
        actor=actor,
        kind="day.set",
        subject=f"queue:{queue_id}",
        office_id=office_id,
        old=before,
        new=values_of(exception, *DAY),
        day=day,
        data={"day": plain(day)},
        now=now,
    )
    return _day_changed(session, queue_id=queue_id, day=day, now=now)


def clear_exception(session: WriteSession, *, queue_id: int, day: date, actor: Actor, now: datetime) -> Changed:
    """Delete the exception of a day, so that the weekly rules hold again; its slots follow at once. Raises
    OutOfReach."""
    office_id = require_queue(session, actor, queue_id=queue_id)
    gone = session.execute(
        delete(CapacityException)
        .where(CapacityException.queue_id == queue_id, CapacityException.day == day)
        .returning(*(CapacityException.__table__.c[name] for name in DAY))
    ).first()
    events.note(
        session,
        actor=actor,
        kind="day.clear",
        subject=f"queue:{queue_id}",
        office_id=office_id,
        old=values_of(gone, *DAY) if gone else None,
        day=day,
        data={"day": plain(day)},
        now=now,
    )
    return _day_changed(session, queue_id=queue_id, day=day, now=now)


def _usual(session: WriteSession, *, queue_id: int, day: date) -> list[tuple[int, int]]:
    """The hours that the weekly rules and holidays give this day."""
    table = timetables(session, queue_ids=[queue_id], days=[day])[queue_id]
    return open_hours(table.rules, exception=None, holiday=day in table.holidays, day=day)


def _doubt(session: WriteSession, *, queue_id: int, day: date) -> None:
    """Raise NotPlausible where the plan of this day is probably a mistake."""
    planned = timetables(session, queue_ids=[queue_id], days=[day])[queue_id].plan(day)
    if not planned:
        return
    places, most = sum(each.capacity for each in planned), max(each.capacity for each in planned)
    doubts = doubts_about(
        opens=planned[0].start,
        closes=planned[-1].start + planned[-1].minutes,
        minutes_per_person=min(each.minutes for each in planned),
        counters=most,
    )
    if doubts:
        raise NotPlausible(places=places, doubts=doubts)


def _day_changed(session: WriteSession, *, queue_id: int, day: date, now: datetime) -> Changed:
    """Remake the slots of the day, unless it lies beyond the booking window: its slots are made later."""
    zone = session.scalar(select(Office.zone).join(Queue, Queue.office_id == Office.id).where(Queue.id == queue_id))
    if zone is None:
        raise LookupError(f"no queue {queue_id}")
    is_within = (day - local_day_of(now, zone=zone).date).days < WINDOW_DAYS
    has_slots = exists().where(Slot.queue_id == queue_id, Slot.day == day)
    if is_within or session.scalar(select(has_slots)):
        return materialise(session, queue_id=queue_id, days=[day], now=now)
    return NOTHING
