"""The steps of a closing: a few of its days in each transaction, until people can be told, or until all are back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, exists, func, select, update

from desk.acting import SYSTEM, Actor, Permission
from desk.calendar import TEHRAN, instant_of, local_day_of
from desk.capacity.actions import clear_exception, set_exception
from desk.capacity.cutting import DayCut, cut
from desk.capacity.models import CapacityException, ExceptionKind
from desk.capacity.refusals import HoursOutOfOrder
from desk.capacity.rules import DayHours
from desk.capacity.timetables import timetables
from desk.closings.models import ClosedDay, StaffClosing
from desk.closings.rules import DayStep, soon_until, told_from
from desk.consequences.actions import changes, find_stranded
from desk.consequences.hit import Reach, before, newly
from desk.consequences.recording import changed, record
from desk.consequences.rules import Progress, Remedy
from desk.organisation import EVERYWHERE
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of
from desk.values import LocalDay

_closings, _days, _exceptions = table_of(StaffClosing), table_of(ClosedDay), table_of(CapacityException)
CLOSINGS = "closings"
"""The subject of the signal that a closing, whose id it bears, has gone on."""
_UNDER_WAY = (DayStep.WAITING, DayStep.BACK)


class _Day(NamedTuple):
    id: int
    change_id: int
    queue_id: int
    day: date
    step: DayStep
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    wish: dict[str, Any]
    staff_id: int | None
    undone_by: int | None


def go_on(session: WriteSession, *, change_id: int | None = None, limit: int, now: datetime) -> int:
    """Change or bring back the next days; returns their number. Two workers take different ones."""
    query = (
        select(
            *_days.c["id", "change_id", "queue_id", "day", "step", "before", "after"],
            *_closings.c["wish", "undone_by"],
            changes.c.staff_id,
        )
        .join(_closings, _closings.c.change_id == _days.c.change_id)
        .join(changes, changes.c.id == _days.c.change_id)
        .where(_days.c.step.in_(_UNDER_WAY))
        .order_by(_days.c.id)
        .limit(limit)
        .with_for_update(of=_days, skip_locked=True)
    )
    if change_id is not None:
        query = query.where(_days.c.change_id == change_id)
    # In the order of the queues, which are locked: all others who lock several do so in this order.
    found = sorted((_Day(**row._mapping) for row in session.execute(query)), key=lambda each: (each.queue_id, each.day))
    for each in found:
        values = (
            _change(session, each, now=now) if each.step is DayStep.WAITING else _bring_back(session, each, now=now)
        )
        session.connection().execute(update(_days).where(_days.c.id == each.id).values(values))
        if each.step is DayStep.BACK:  # where it stays closed all the same, staff decide about its people
            find_stranded(session, queue_id=each.queue_id, day=each.day, now=now)
    for id in sorted({each.change_id for each in found}):
        _tell_when_ready(session, change_id=id)
    return len(found)


def _actor(each: _Day) -> Actor:
    """Who confirmed the closing, or took it back; their authority was asked then."""
    staff_id = each.undone_by if each.step is DayStep.BACK else each.staff_id
    if staff_id is None:
        return SYSTEM
    return Actor.staff(staff_id, {Permission.CAPACITY_WRITE: EVERYWHERE})


def _change(session: WriteSession, each: _Day, *, now: datetime) -> Mapping[str, Any]:
    table = timetables(session, queue_ids=[each.queue_id], days=[each.day])[each.queue_id]
    was = table.ranges(each.day)
    by = DayCut.of(each.wish)
    ranges = [] if by.is_whole_day else cut(was, by, usual_minutes=table.usual_minutes)
    if ranges == was:
        return {"step": DayStep.LEFT}
    reach = Reach(queue_id=each.queue_id, day=each.day)
    earlier = before(session, reach=reach, now=now)
    present = _exception(session, each)
    hours = [DayHours(part.opens, part.closes, part.counters, part.minutes) for part in ranges]
    try:
        set_exception(
            session,
            queue_id=each.queue_id,
            day=each.day,
            kind=ExceptionKind.HOURS if hours else ExceptionKind.CLOSED,
            hours=hours,
            reason=(present or {}).get("reason", ""),
            actor=_actor(each),
            now=now,
        )
    except HoursOutOfOrder:
        return {"step": DayStep.LEFT}  # ranges that overlap cannot be written as one day: staff see it on the page
    session.flush()
    hit = newly(session, was=earlier, reach=reach, now=now)
    known = set(session.scalars(select(changed.c.appointment_id).where(changed.c.change_id == each.change_id)))
    new = [appointment for appointment in hit if appointment.id not in known]
    if new:
        record(session, each.change_id, new, remedy=Remedy.MOVE, others={})
    return {"step": DayStep.DONE, "before": present, "after": _exception(session, each)}


def _bring_back(session: WriteSession, each: _Day, *, now: datetime) -> Mapping[str, Any]:
    if each.day < local_day_of(now, zone=TEHRAN).date or _exception(session, each) != each.after:
        return {"step": DayStep.LEFT}  # it is over, or somebody has decided about it since
    who = _actor(each)
    if each.before is None:
        clear_exception(session, queue_id=each.queue_id, day=each.day, actor=who, now=now)
    else:
        set_exception(
            session,
            queue_id=each.queue_id,
            day=each.day,
            kind=ExceptionKind(each.before["kind"]),
            hours=[DayHours(*hours) for hours in each.before["hours"]],
            counters=each.before["counters"],
            reason=each.before["reason"],
            actor=who,
            now=now,
        )
    return {"step": DayStep.UNDONE}


def _exception(session: WriteSession, each: _Day) -> dict[str, Any] | None:
    session.flush()
    found = session.execute(
        select(*_exceptions.c["kind", "hours", "counters", "reason"]).where(
            _exceptions.c.queue_id == each.queue_id, _exceptions.c.day == each.day
        )
    ).one_or_none()
    return None if found is None else {**found._mapping, "kind": found.kind.value}


def carried(change_id: int) -> ColumnElement[bool]:
    """The condition that somebody has been moved or told because of this change."""
    return exists().where(changed.c.change_id == change_id, changed.c.step.not_in([Progress.WAITING, Progress.LEFT]))


def _tell_when_ready(session: WriteSession, *, change_id: int) -> None:
    """Set from when people are told, once all days are changed, and before that those who have to be there soon.

    They are proposed no time before the last of the closing's days is over: it might be closed next.
    """
    # Two workers that end its last days at the same moment would each find those of the other undone.
    session.execute(select(changes.c.id).where(changes.c.id == change_id).with_for_update(key_share=True))
    rest = select(_days.c.id).where(_days.c.change_id == change_id, _days.c.step.in_(_UNDER_WAY)).limit(1)
    at = session.scalars(select(changes.c.at).where(changes.c.id == change_id)).one()
    its_row = update(changes).where(changes.c.id == change_id)
    if session.scalar(rest) is None:
        first = session.scalar(select(func.min(changed.c.starts_at)).where(changed.c.change_id == change_id))
        told = told_from(first, confirmed_at=at)
        session.connection().execute(its_row.values(carry_from=told, soon_until=None, others_after=None))
    elif session.scalar(select(_closings.c.undone_at).where(_closings.c.change_id == change_id)) is None:
        last = session.scalars(select(func.max(_days.c.day)).where(_days.c.change_id == change_id)).one()
        after = instant_of(LocalDay(last).plus(1))
        first_time = its_row.where(changes.c.soon_until.is_(None))
        session.connection().execute(first_time.values(soon_until=soon_until(at), others_after=after))
    session.changed(CLOSINGS, change_id)
