"""Reading and changing the entries of the line; a change is guarded by the number of steps that was read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from desk.acting import Actor, OutOfReach, Permission
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.calendar import local_day_of
from desk.line.history import LineEvent, write_step
from desk.line.models import LineEntry, LineSettings
from desk.line.refusals import CounterBusy, LineOver, NoSuchCounter, NotInLine, NotPossibleNow
from desk.line.rows import Entry
from desk.line.rules import AT_COUNTER, IN_LINE, MOST_COUNTERS, USUAL, EntryState, LineRules
from desk.offices.models import Office
from desk.organisation import office as office_node
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

entries, settings = table_of(LineEntry), table_of(LineSettings)
_appointments, _offices = table_of(Appointment), table_of(Office)

COLUMNS = tuple(entries.c[name] for name in Entry._fields)
_RULES = tuple(settings.c[name] for name in LineRules.__dataclass_fields__)
_OF_DAY = select(*COLUMNS).where(entries.c.office_id == bindparam("office"), entries.c.day == bindparam("day"))
_SETTINGS = select(*_RULES).where(settings.c.office_id == bindparam("office"))
_PLACE = select(_offices.c.area, _offices.c.zone).where(_offices.c.id == bindparam("office"))
_OFFICE_OF = (
    select(_offices.c.id, _offices.c.area, _offices.c.zone, _appointments.c.state)
    .join(_appointments, _appointments.c.office_id == _offices.c.id)
    .where(_appointments.c.id == bindparam("appointment"))
)
_ONE = select(*COLUMNS).where(entries.c.appointment_id == bindparam("appointment"))
_AT_COUNTER = _OF_DAY.where(entries.c.counter == bindparam("counter"), entries.c.state.in_(sorted(AT_COUNTER)))


class LineOfDay(NamedTuple):
    """The line of an office today, as somebody acts in it."""

    office_id: int
    day: date
    has_come: bool = True
    """Whether the appointment that was asked for is one of somebody who came."""


def line_today(session: Session, *, office_id: int, actor: Actor, now: datetime) -> LineOfDay:
    """The line of today at this office, if the actor may act in it. Raises OutOfReach."""
    found = session.execute(_PLACE, {"office": office_id}).one_or_none()
    if found is None:
        raise OutOfReach(Permission.APPOINTMENTS_RECORD)
    actor.require(Permission.APPOINTMENTS_RECORD, at=office_node(office_id, area=found.area))
    return LineOfDay(office_id, local_day_of(now, zone=found.zone).date)


def require_counter(counter: int) -> None:
    """Raises NoSuchCounter."""
    if not 1 <= counter <= MOST_COUNTERS:
        raise NoSuchCounter(counter=counter)


def entries_of(session: Session, *, office_id: int, day: date) -> list[Entry]:
    """Everybody who came to the office on this day. One statement."""
    return [Entry(*row) for row in session.execute(_OF_DAY, {"office": office_id, "day": day})]


def entry_of(session: Session, *, appointment_id: int) -> Entry | None:
    """The entry of this appointment, in any state."""
    found = session.execute(_ONE, {"appointment": appointment_id}).one_or_none()
    return None if found is None else Entry(*found)


def rules_of(session: Session, *, office_id: int) -> LineRules:
    """The numbers of the order at this office."""
    found = session.execute(_SETTINGS, {"office": office_id}).one_or_none()
    return USUAL if found is None else LineRules(**found._mapping)


def require_reach(session: Session, *, appointment_id: int, actor: Actor, now: datetime) -> LineOfDay:
    """The line of today at the office of this appointment, if the actor may act in it.

    Raises OutOfReach, LookupError.
    """
    office = session.execute(_OFFICE_OF, {"appointment": appointment_id}).one_or_none()
    if office is None:
        raise LookupError(f"no appointment {appointment_id}")
    actor.require(Permission.APPOINTMENTS_RECORD, at=office_node(office.id, area=office.area))
    has_come = office.state is AppointmentState.ARRIVED
    return LineOfDay(office.id, local_day_of(now, zone=office.zone).date, has_come)


def entry_in_line(session: Session, *, appointment_id: int, actor: Actor, now: datetime) -> Entry:
    """The entry of today, if the actor may act in the line of its office.

    Raises OutOfReach, NotInLine, LineOver, LookupError.
    """
    line = require_reach(session, appointment_id=appointment_id, actor=actor, now=now)
    found = entry_of(session, appointment_id=appointment_id)
    if found is None or (found.state is EntryState.LEFT and not line.has_come):
        raise NotInLine(appointment_id=appointment_id)
    if found.day != line.day:
        raise LineOver(day=found.day)
    return found


def require_state(entry: Entry, *states: EntryState) -> None:
    """Raises NotInLine, NotPossibleNow."""
    if entry.state not in states:
        if entry.state not in IN_LINE and entry.state is not EntryState.DONE:
            raise NotInLine(appointment_id=entry.appointment_id)
        raise NotPossibleNow(appointment_id=entry.appointment_id, call_number=entry.call_number, state=entry.state)


def change(
    session: WriteSession,
    entry: Entry,
    values: Mapping[str, Any],
    *,
    kind: LineEvent,
    data: Mapping[str, Any] | None = None,
    actor: Actor,
    at: datetime,
    now: datetime,
) -> Entry | None:
    """Change an entry that nobody changed since it was read, and write the history; None = somebody was quicker.

    `at` is when it happened, which may lie before `now`. Raises CounterBusy where somebody is at the counter.
    """
    stored = {**values, "steps": entry.steps + 1, "changed_at": max(at, entry.changed_at), "changed_by": actor.staff_id}
    guarded = update(entries).where(entries.c.appointment_id == entry.appointment_id, entries.c.steps == entry.steps)
    try:
        with session.begin_nested():
            is_changed = session.connection().execute(guarded.values(**stored)).rowcount == 1
    except IntegrityError:  # the index of counters: one person at each
        raise _busy(session, entry, counter=values["counter"]) from None
    if not is_changed:
        return None
    write_step(
        session,
        appointment_id=entry.appointment_id,
        office_id=entry.office_id,
        day=entry.day,
        kind=kind,
        actor=actor,
        old={name: getattr(entry, name) for name in values},
        new=values,
        data=data,
        now=now,
    )
    return entry._replace(**{name: value for name, value in stored.items() if name in Entry._fields})


def require_free(session: Session, *, line: LineOfDay, counter: int, but: int | None = None) -> None:
    """Raises CounterBusy where somebody other than `but` is at this counter."""
    found = session.execute(_AT_COUNTER, {"office": line.office_id, "day": line.day, "counter": counter}).first()
    if found is not None and found.appointment_id != but:
        raise CounterBusy(counter=counter, call_number=found.call_number)


def _busy(session: Session, entry: Entry, *, counter: int) -> CounterBusy:
    asked = {"office": entry.office_id, "day": entry.day, "counter": counter}
    found = session.execute(_AT_COUNTER, asked).first()
    return CounterBusy(counter=counter, call_number=found.call_number if found is not None else "")
