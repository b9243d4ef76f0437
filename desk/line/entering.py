"""Coming into the line: who arrives gets a call number, and going out of it where the visit ends.

Everything here follows an arrival or an outcome that was recorded, in its transaction. Numbers of an office are given
one after the other; the index on them is the last guard.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from desk.acting import Actor
from desk.appointments.models import Appointment
from desk.appointments.rules import CANCELLED
from desk.calendar import local_day_of
from desk.capacity.shares import Share
from desk.line.entries import entries, entry_of, settings
from desk.line.models import LineCounter, LineEntry
from desk.line.rules import AT_COUNTER, USUAL, EntryState, LineRules, booked_number, counts_from, walk_in_number
from desk.offices.models import Office
from desk.storage.among import none_of
from desk.storage.base import WriteSession
from desk.storage.locks import hold
from desk.storage.upsert import insert_if_new, insert_or_update, table_of
from desk.visits.actions import record_arrival
from desk.visits.rules import call_numbers

_appointments, _offices, _counters = table_of(Appointment), table_of(Office), table_of(LineCounter)
_COMES = (
    select(
        *_appointments.c["office_id", "day", "code", "starts_at", "share"],
        _offices.c.zone,
        func.coalesce(settings.c.late_after, USUAL.late_after).label("late_after"),
        *(entries.c[name].label(f"had_{name}") for name in ("call_number", "came_at", "steps")),
        and_(entries.c.office_id == _appointments.c.office_id, entries.c.day == _appointments.c.day).label("was_here"),
    )
    .join(_offices, _offices.c.id == _appointments.c.office_id)
    .outerjoin(settings, settings.c.office_id == _appointments.c.office_id)
    .outerjoin(entries, entries.c.appointment_id == _appointments.c.id)
    .where(_appointments.c.id == bindparam("appointment"))
)
_CODES = select(_appointments.c.code).where(
    _appointments.c.office_id == bindparam("office"),
    _appointments.c.day == bindparam("day"),
    or_(_appointments.c.share.is_(None), _appointments.c.share != Share.WALK_IN),
    none_of(_appointments.c.state, sorted(CANCELLED)),
)
_NUMBERS = select(entries.c.call_number).where(
    entries.c.office_id == bindparam("office"),
    entries.c.day == bindparam("day"),
    entries.c.appointment_id != bindparam("but"),
)
_OF_TODAY = and_(_counters.c.office_id == bindparam("office"), _counters.c.day == bindparam("of"))
_LAST = select(_counters.c.last).where(_OF_TODAY)
_COUNT = update(_counters).where(_OF_TODAY, _counters.c.last == bindparam("read")).values(last=bindparam("next"))
_END = (
    update(entries)
    .where(entries.c.appointment_id == bindparam("appointment"), entries.c.state != EntryState.DONE)
    .values(
        state=EntryState.DONE,
        done_from=entries.c.state,
        ended_at=bindparam("at"),
        steps=entries.c.steps + 1,
        changed_at=bindparam("at"),
        changed_by=bindparam("by"),
    )
)
_LEAVE = (
    update(entries)
    .where(entries.c.appointment_id == bindparam("appointment"), entries.c.state != EntryState.DONE)
    .values(
        state=EntryState.LEFT,
        counter=None,
        steps=entries.c.steps + 1,
        changed_at=bindparam("at"),
        changed_by=bindparam("by"),
    )
)


def enter_walk_in(session: WriteSession, *, appointment_id: int, actor: Actor, now: datetime) -> str:
    """Record that somebody with an appointment of the share for walk-ins is here; returns the call number.

    Raises what `record_arrival` raises.
    """
    record_arrival(session, appointment_id=appointment_id, actor=actor, now=now)
    entry = entry_of(session, appointment_id=appointment_id)
    if entry is None:
        raise LookupError(f"the appointment {appointment_id} is not of today")
    return entry.call_number


def enter(session: WriteSession, *, appointment_id: int, actor: Actor, now: datetime) -> None:
    """Somebody arrived: they are in the line of today, with the number that they had where they come again."""
    comes = session.execute(_COMES, {"appointment": appointment_id}).one()
    if comes.day != local_day_of(now, zone=comes.zone).date:
        return  # recorded afterwards: that line is over
    hold(session, subject=f"line:{comes.office_id}")
    is_walk_in = comes.share is Share.WALK_IN
    came_at = comes.had_came_at if comes.was_here and is_walk_in else now
    rules = LineRules(late_after=comes.late_after)
    quarter = None if is_walk_in else counts_from(comes.starts_at, came_at=now, rules=rules)
    number = comes.had_call_number if comes.was_here else _number(session, appointment_id, comes, is_walk_in=is_walk_in)
    row = {
        "appointment_id": appointment_id,
        "office_id": comes.office_id,
        "day": comes.day,
        "call_number": number,
        "is_walk_in": is_walk_in,
        "class_id": None,
        "came_at": came_at,
        "lines_up_at": came_at,
        "quarter_at": quarter,
        "state": EntryState.HERE,
        "done_from": None,
        "counter": None,
        "first_called_at": None,
        "called_at": None,
        "calls": 0,
        "began_at": None,
        "ended_at": None,
        "steps": 0 if comes.had_steps is None else comes.had_steps + 1,
        "changed_at": now,
        "changed_by": actor.staff_id,
    }
    put = insert_or_update(session, LineEntry, unique=("appointment_id",), updates=tuple(name for name in row))
    session.connection().execute(put, row)


def end(session: WriteSession, *, appointment_id: int, actor: Actor, now: datetime) -> None:
    """The outcome is recorded, in whatever state they were."""
    session.connection().execute(_END, {"appointment": appointment_id, "at": now, "by": actor.staff_id})


def leave(session: WriteSession, *, appointment_id: int, actor: Actor, now: datetime) -> None:
    """The arrival was undone, or the appointment is no more: nobody calls them."""
    session.connection().execute(_LEAVE, {"appointment": appointment_id, "at": now, "by": actor.staff_id})


def bring_back(session: WriteSession, *, appointment_id: int, actor: Actor, now: datetime) -> None:
    """The outcome was undone: they are where they were, or held where somebody else is at their counter by now."""
    entry = entry_of(session, appointment_id=appointment_id)
    if entry is None or entry.done_from is None:
        return
    as_it_was: dict[str, Any] = {"state": entry.done_from}
    attempts = [as_it_was, {"state": EntryState.HELD, "counter": None}]
    if entry.done_from not in AT_COUNTER:
        attempts.pop()
    for values in attempts:
        try:
            with session.begin_nested():
                session.connection().execute(
                    update(entries)
                    .where(entries.c.appointment_id == appointment_id, entries.c.steps == entry.steps)
                    .values(
                        **values,
                        done_from=None,
                        ended_at=None,
                        steps=entry.steps + 1,
                        changed_at=now,
                        changed_by=actor.staff_id,
                    )
                )
        except IntegrityError:  # somebody else is at the counter
            continue
        return


def _number(session: WriteSession, appointment_id: int, comes: Any, *, is_walk_in: bool) -> str:
    """The call number of who comes for the first time today."""
    of_day = {"office": comes.office_id, "day": comes.day}
    codes = list(session.scalars(_CODES, of_day))
    taken = {int(number) for number in session.scalars(_NUMBERS, {**of_day, "but": appointment_id})}
    if not is_walk_in:
        return booked_number(comes.code, codes=codes, taken=taken)
    on_the_door_list = {int(number) for number in call_numbers(codes)}
    return str(_next(session, comes.office_id, comes.day, taken=taken | on_the_door_list))


def _next(session: WriteSession, office_id: int, day: date, *, taken: Collection[int]) -> int:
    """The next whole number of the day, counted up by a guarded statement."""
    connection, of = session.connection(), {"office": office_id, "of": day}
    first = {"office_id": office_id, "day": day, "last": 0}
    connection.execute(insert_if_new(session, LineCounter, unique=("office_id", "day")).inline(), first)
    while True:
        last = connection.execute(_LAST, of).scalar_one()
        number = walk_in_number(last, taken=taken)
        if connection.execute(_COUNT, {**of, "read": last, "next": number}).rowcount == 1:
            return number
