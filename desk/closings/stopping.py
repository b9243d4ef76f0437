"""The system or the card reader is down: nobody can be served, and nobody of the line loses their place by it.

For the rest of the day, everybody in the line gets the first free time of another day, in the order in which they would
have been called, before the people who are still to come are proposed another time. Until an hour, who waits goes on
waiting with their number, and only those who would come in that time are told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select

from desk.acting import Actor, Permission
from desk.appointments.actions import cancel_by_office
from desk.appointments.models import Appointment
from desk.calendar import instant_of, local_day_of
from desk.capacity.cutting import CutKind, DayCut
from desk.capacity.models import Queue
from desk.capacity.queries import first_free
from desk.closings.actions import close
from desk.closings.foreseeing import QueueDay
from desk.consequences.actions import changes
from desk.line.queries import entries_of, rules_of
from desk.line.rows import Entry
from desk.line.rules import IN_LINE, EntryState, in_order
from desk.offices.queries import office as office_row
from desk.offices.reach import node_of
from desk.refusals import Refusal
from desk.storage.base import WriteSession
from desk.storage.locks import hold
from desk.storage.upsert import table_of
from desk.values import LocalDay, LocalMoment
from desk.visits.actions import record_come_back

_queues, _appointments = table_of(Queue), table_of(Appointment)
_OF_OFFICE = select(_queues.c.id).where(_queues.c.office_id == bindparam("office"), _queues.c.is_active.is_(True))
_SERVICE = select(_appointments.c.service_id).where(_appointments.c.id == bindparam("appointment"))
_DONE = select(changes.c.id).where(changes.c.idem_key == bindparam("key"))
TRIES = 3
"""How often another time is looked for when the one that was found is taken meanwhile."""


@dataclass(frozen=True, slots=True)
class StoppedLine:
    """What became of the people of a line that was stopped."""

    change_id: int
    """The closing by which those still to come are told."""
    dated: int = 0
    """They got a time on another day."""
    undated: int = 0
    """No time was free: they are told why, and keep their priority where they ask to wait."""


def stop_line(
    session: WriteSession,
    *,
    key: str,
    office_id: int,
    until: int | None,
    reason: str,
    actor: Actor,
    now: datetime,
) -> StoppedLine:
    """Stop the line of today from now on, until this minute of the day or (None) for good; the same `key` does it once.

    `reason` is what people read. Raises OutOfReach, NothingToClose where the office has no queue.
    """
    node = node_of(session, office_id)
    actor.require(Permission.CAPACITY_WRITE, at=node)
    actor.require(Permission.APPOINTMENTS_RECORD, at=node)
    hold(session, subject=f"stop:{office_id}")
    done = session.scalar(_DONE, {"key": key})
    if done is not None:
        return StoppedLine(done)
    office = office_row(session, office_id=office_id)
    zone = office.zone if office is not None else ""
    today = local_day_of(now, zone=zone).date
    dated = undated = 0
    if until is None:
        for entry in _in_line(session, office_id=office_id, day=today, now=now):
            if _dated(session, entry, after=instant_of(LocalDay(today).plus(1), zone=zone), actor=actor, now=now):
                dated += 1
            else:
                cancel_by_office(session, appointment_id=entry.appointment_id, actor=actor, reason=reason, now=now)
                undated += 1
    minute = LocalMoment(now, zone).clock.minutes
    change_id = close(
        session,
        key=key,
        days=[QueueDay(id, today) for id in session.scalars(_OF_OFFICE, {"office": office_id})],
        by=DayCut(kind=CutKind.CLOSE, opens=minute, closes=24 * 60 if until is None else until),
        subject=f"office:{office_id}",
        detail={"day": today.isoformat(), "until": today.isoformat()},
        reason=reason,
        actor=actor,
        now=now,
    )
    return StoppedLine(change_id, dated, undated)


def _in_line(session: WriteSession, *, office_id: int, day: date, now: datetime) -> list[Entry]:
    """Everybody in the line: first who is at a counter or held, then who waits by the order."""
    everybody = [each for each in entries_of(session, office_id=office_id, day=day) if each.state in IN_LINE]
    waiting = [each for each in everybody if each.state is EntryState.HERE]
    others = [each for each in everybody if each.state is not EntryState.HERE]
    rules = rules_of(session, office_id=office_id)
    ordered = in_order(waiting, now=now, rules=rules, since_priority=None)
    return sorted(others, key=lambda each: (each.first_called_at or each.came_at, each.appointment_id)) + ordered


def _dated(session: WriteSession, entry: Entry, *, after: datetime, actor: Actor, now: datetime) -> bool:
    """Give somebody the first free time of another day; False = none is free, or it cannot be given."""
    service_id = session.scalars(_SERVICE, {"appointment": entry.appointment_id}).one()
    for _ in range(TRIES):
        found = first_free(
            session, service_id=service_id, office_ids=[entry.office_id], after=after, by_office=True, limit=1
        )
        if not found:
            return False
        try:
            with session.begin_nested():
                record_come_back(
                    session, appointment_id=entry.appointment_id, slot_id=found[0].slot_id, actor=actor, now=now
                )
        except Refusal:
            continue
        return True
    return False
