"""Writing capacity: queues, opening rules, days that differ and holidays; places and holds are re-exported here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, or_, select, update

from desk.audit.actions import record
from desk.capacity.closures import close_holiday, turns_without_a_time
from desk.capacity.holds import hold, release, release_expired
from desk.capacity.models import CapacityException, ExceptionKind, Holiday, OpeningRule, Queue, QueueService
from desk.capacity.places import give_back, take_place
from desk.capacity.planning import materialise, queues_to_fill, roll_window
from desk.capacity.refusals import HoursOutOfOrder, HoursOverlap
from desk.capacity.rows import DayChange
from desk.language.text import Localised
from desk.offices.models import Office
from desk.storage.base import WriteSession

__all__ = [
    "clear_exception",
    "delete_rule",
    "give_back",
    "hold",
    "materialise",
    "queues_to_fill",
    "release",
    "release_expired",
    "roll_window",
    "save_holiday",
    "save_queue",
    "save_rule",
    "set_exception",
    "take_place",
]

MINUTES_OF_A_DAY = 24 * 60


def save_queue(
    session: WriteSession,
    *,
    queue_id: int | None = None,
    office_id: int,
    name: Localised,
    service_ids: Sequence[int],
    is_active: bool = True,
    staff_id: int | None,
    now: datetime,
) -> int:
    """Make a queue for these services, or change one; its id. A service left out is no longer offered by it."""
    queue = Queue(office_id=office_id) if queue_id is None else session.get(Queue, queue_id)
    if queue is None or queue.office_id != office_id:
        raise LookupError(f"no queue {queue_id} at office {office_id}")
    if queue_id is not None and queue.is_active != is_active:
        queue.rule_version += 1
    queue.name, queue.is_active = name, is_active
    session.add(queue)
    session.flush()
    linked = {
        link.service_id: link for link in session.scalars(select(QueueService).where(QueueService.queue_id == queue.id))
    }
    for service_id, link in linked.items():
        link.is_active = service_id in service_ids
    session.add_all(
        QueueService(queue_id=queue.id, service_id=service_id)
        for service_id in dict.fromkeys(service_ids)
        if service_id not in linked
    )
    session.flush()
    _record(session, action="queue:save", queue_id=queue.id, staff_id=staff_id, now=now)
    return queue.id


def save_rule(
    session: WriteSession,
    *,
    rule_id: int | None = None,
    queue_id: int,
    weekday: int,
    opens: int,
    closes: int,
    minutes_per_person: int,
    counters: int,
    valid_from: date,
    valid_to: date | None = None,
    staff_id: int | None,
    now: datetime,
) -> int:
    """Write an opening rule and raise the queue's rule version; `roll_window` then brings the slots into line.

    Saturday = 0; hours in minutes after local midnight. Raises HoursOutOfOrder, HoursOverlap where another rule of the
    queue speaks of the same time, and LookupError for an unknown rule.
    """
    orders = {
        "weekday": 0 <= weekday <= 6,
        "closes": 0 <= opens < closes <= MINUTES_OF_A_DAY,
        "minutes_per_person": 1 <= minutes_per_person <= min(480, closes - opens),
        "counters": 1 <= counters <= 200,
        "valid_to": valid_to is None or valid_from <= valid_to,
    }
    for field, is_right in orders.items():
        if not is_right:
            raise HoursOutOfOrder(field=field)
    session.execute(select(Queue.id).where(Queue.id == queue_id).with_for_update())
    rule = OpeningRule(queue_id=queue_id) if rule_id is None else session.get(OpeningRule, rule_id)
    if rule is None or rule.queue_id != queue_id:
        raise LookupError(f"no rule {rule_id} of queue {queue_id}")
    rivals = select(OpeningRule.id).where(
        OpeningRule.queue_id == queue_id,
        OpeningRule.id != (rule_id or 0),
        OpeningRule.weekday == weekday,
        OpeningRule.opens < closes,
        OpeningRule.closes > opens,
        or_(OpeningRule.valid_to.is_(None), OpeningRule.valid_to >= valid_from),
    )
    if valid_to is not None:
        rivals = rivals.where(OpeningRule.valid_from <= valid_to)
    rival = session.scalar(rivals.limit(1))
    if rival is not None:
        raise HoursOverlap(rule_id=rival)
    rule.weekday, rule.opens, rule.closes = weekday, opens, closes
    rule.minutes_per_person, rule.counters = minutes_per_person, counters
    rule.valid_from, rule.valid_to = valid_from, valid_to
    session.add(rule)
    session.flush()
    _raise_version(session, queue_id)
    detail = {"rule": rule.id, "weekday": weekday, "opens": opens, "closes": closes, "counters": counters}
    _record(session, action="rule:save", queue_id=queue_id, staff_id=staff_id, now=now, detail=detail)
    return rule.id


def delete_rule(session: WriteSession, *, rule_id: int, staff_id: int | None, now: datetime) -> int:
    """Take an opening rule out and raise the rule version; the id of its queue. Raises LookupError."""
    rule = session.get(OpeningRule, rule_id)
    if rule is None:
        raise LookupError(f"no rule {rule_id}")
    queue_id = rule.queue_id
    session.delete(rule)
    session.flush()
    _raise_version(session, queue_id)
    detail = {"rule": rule_id}
    _record(session, action="rule:delete", queue_id=queue_id, staff_id=staff_id, now=now, detail=detail)
    return queue_id


def set_exception(
    session: WriteSession,
    *,
    queue_id: int,
    day: date,
    kind: ExceptionKind,
    opens: int | None = None,
    closes: int | None = None,
    counters: int | None = None,
    reason: str = "",
    staff_id: int | None,
    now: datetime,
) -> DayChange:
    """Let one day differ, and bring its slots into line at once. The turns that are hit are named, not cancelled.

    CLOSED needs no hours; HOURS needs hours, or counters alone where only those differ. Raises HoursOutOfOrder.
    """
    if kind is ExceptionKind.HOURS:
        if (opens is None) != (closes is None) or (opens is None and counters is None):
            raise HoursOutOfOrder(field="opens")
        if opens is not None and closes is not None and not 0 <= opens < closes <= MINUTES_OF_A_DAY:
            raise HoursOutOfOrder(field="closes")
        if counters is not None and not 1 <= counters <= 200:
            raise HoursOutOfOrder(field="counters")
    else:
        opens = closes = counters = None
    found = session.scalar(
        select(CapacityException).where(CapacityException.queue_id == queue_id, CapacityException.day == day)
    )
    exception = found or CapacityException(queue_id=queue_id, day=day)
    exception.kind, exception.opens, exception.closes = kind, opens, closes
    exception.counters, exception.reason = counters, reason[:200]
    session.add(exception)
    session.flush()
    detail = {"day": day.isoformat(), "kind": kind.value}
    _record(session, action="day:set", queue_id=queue_id, staff_id=staff_id, now=now, detail=detail)
    return _day_changed(session, queue_id=queue_id, day=day, now=now)


def clear_exception(
    session: WriteSession, *, queue_id: int, day: date, staff_id: int | None, now: datetime
) -> DayChange:
    """Let the weekly rules speak of this day again; its slots follow at once."""
    session.execute(
        delete(CapacityException).where(CapacityException.queue_id == queue_id, CapacityException.day == day)
    )
    detail = {"day": day.isoformat()}
    _record(session, action="day:clear", queue_id=queue_id, staff_id=staff_id, now=now, detail=detail)
    return _day_changed(session, queue_id=queue_id, day=day, now=now)


def save_holiday(
    session: WriteSession,
    *,
    day: date,
    name: Localised,
    is_confirmed: bool,
    is_closed: bool = True,
    province_code: str | None = None,
    staff_id: int | None,
    now: datetime,
) -> tuple[int, ...]:
    """Write a holiday of the country or a province. Its slots close at once; ids of the live turns that are hit.

    The queues' rule versions rise, so that the next `roll_window` also opens what a holiday taken back leaves free.
    """
    key = province_code or ""
    found = session.scalar(select(Holiday).where(Holiday.day == day, Holiday.province_key == key))
    holiday = found or Holiday(day=day, province_code=province_code, province_key=key)
    holiday.name, holiday.is_confirmed, holiday.is_closed = name, is_confirmed, is_closed
    session.add(holiday)
    session.flush()
    touched = update(Queue).values(rule_version=Queue.rule_version + 1)
    if province_code is not None:
        touched = touched.where(
            Queue.office_id.in_(select(Office.id).where(Office.province_code == province_code).scalar_subquery())
        )
    session.execute(touched.execution_options(synchronize_session="fetch"))
    if is_closed:
        close_holiday(session, day=day, province_code=province_code, now=now)
    detail = {"closed": is_closed, "confirmed": is_confirmed, "province": province_code}
    record(
        session, staff_id=staff_id, action="holiday:save", subject=f"holiday:{day.isoformat()}", detail=detail, now=now
    )
    return turns_without_a_time(session, day=day, now=now) if is_closed else ()


def _day_changed(session: WriteSession, *, queue_id: int, day: date, now: datetime) -> DayChange:
    changed = materialise(session, queue_id=queue_id, days=[day], now=now)
    return DayChange(hit=turns_without_a_time(session, day=day, queue_id=queue_id, now=now), changed=changed)


def _raise_version(session: WriteSession, queue_id: int) -> None:
    session.execute(
        update(Queue)
        .where(Queue.id == queue_id)
        .values(rule_version=Queue.rule_version + 1)
        .execution_options(synchronize_session="fetch")
    )


def _record(
    session: WriteSession,
    *,
    action: str,
    queue_id: int,
    staff_id: int | None,
    now: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    record(session, staff_id=staff_id, action=action, subject=f"queue:{queue_id}", detail=detail, now=now)
