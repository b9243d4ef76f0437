"""Recording who came and what became of the visit, by a named clerk, and taking a slip of the finger back."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from desk.appointments.booking import appointments, write_event
from desk.appointments.models import EventKind
from desk.appointments.notices import REMINDER, about
from desk.appointments.rules import LIVE, State
from desk.audit.actions import record
from desk.calendar import local_day_of
from desk.offices.models import Office
from desk.outbox.actions import drop
from desk.storage.base import WriteSession
from desk.storage.upsert import insert_if_new, table_of
from desk.visits.models import Visit
from desk.visits.refusals import DateMissing, NotRecordable, NotYetTheDay
from desk.visits.rules import Outcome

visits = table_of(Visit)

STATE_OF = {Outcome.SERVED: State.SERVED, Outcome.COME_BACK: State.COME_BACK, Outcome.ABSENT: State.ABSENT}
"""The state a turn ends in with each outcome."""


class Turn(NamedTuple):
    """What has to be known of a turn to record its visit."""

    id: int
    state: State
    day: date
    today: date
    slot_id: int
    arrived_at: datetime | None


def record_arrival(session: WriteSession, *, appointment_id: int, staff_id: int, now: datetime) -> None:
    """The person is here. Recording it again changes nothing. Audited.

    Raises NotYetTheDay, NotRecordable(state) for a turn that was cancelled or has its outcome, LookupError.
    """
    turn = _turn(session, appointment_id, now=now)
    if turn.state is State.ARRIVED:
        return
    if turn.state is not State.BOOKED:
        raise NotRecordable(appointment_id=turn.id, state=turn.state)
    _set_state(session, turn, state=State.ARRIVED, kind=EventKind.ARRIVED, staff_id=staff_id, now=now)
    _set_visit(session, turn, arrived_at=now, arrived_by=staff_id)
    drop(session, about=about(turn.id), notices=[REMINDER], now=now)
    _record(session, action="visit:arrival", turn=turn, staff_id=staff_id, now=now)


def undo_arrival(session: WriteSession, *, appointment_id: int, staff_id: int, now: datetime) -> None:
    """The arrival was recorded by mistake. Audited. Raises NotRecordable(state), LookupError."""
    turn = _turn(session, appointment_id, now=now)
    if turn.state is not State.ARRIVED:
        raise NotRecordable(appointment_id=turn.id, state=turn.state)
    _set_state(session, turn, state=State.BOOKED, kind=EventKind.ARRIVAL_UNDONE, staff_id=staff_id, now=now)
    _set_visit(session, turn, arrived_at=None, arrived_by=None)
    _record(session, action="visit:undo_arrival", turn=turn, staff_id=staff_id, now=now)


def record_outcome(
    session: WriteSession,
    *,
    appointment_id: int,
    outcome: Outcome,
    come_back_on: date | None = None,
    note: str | None = None,
    staff_id: int,
    now: datetime,
) -> None:
    """What became of the visit; the turn is over with it. Audited, and kept with the clerk's name.

    Raises DateMissing for «come back» without a later day, NotYetTheDay, NotRecordable(state), LookupError.
    """
    turn = _turn(session, appointment_id, now=now)
    if outcome is Outcome.COME_BACK and (come_back_on is None or come_back_on <= turn.day):
        raise DateMissing(appointment_id=turn.id)
    if turn.state not in LIVE or (outcome is Outcome.ABSENT and turn.state is State.ARRIVED):
        raise NotRecordable(appointment_id=turn.id, state=turn.state)
    _set_state(session, turn, state=STATE_OF[outcome], kind=EventKind.OUTCOME, staff_id=staff_id, now=now)
    _set_visit(
        session,
        turn,
        outcome=outcome,
        outcome_at=now,
        outcome_by=staff_id,
        come_back_on=come_back_on if outcome is Outcome.COME_BACK else None,
        note=note[:200] if note else None,
    )
    drop(session, about=about(turn.id), notices=[REMINDER], now=now)
    _record(session, action=f"visit:{outcome.value}", turn=turn, staff_id=staff_id, now=now)


def undo_outcome(session: WriteSession, *, appointment_id: int, staff_id: int, now: datetime) -> None:
    """The outcome was recorded by mistake: the turn is as it was before it. Audited.

    It becomes live again only while its day lasts and unless the person has booked this service anew meanwhile.
    Raises NotRecordable(state), LookupError.
    """
    turn = _turn(session, appointment_id, now=now)
    if turn.state not in STATE_OF.values():
        raise NotRecordable(appointment_id=turn.id, state=turn.state)
    state = State.BOOKED if turn.arrived_at is None else State.ARRIVED
    _set_state(session, turn, state=state, kind=EventKind.OUTCOME_UNDONE, staff_id=staff_id, now=now)
    _set_visit(session, turn, outcome=None, outcome_at=None, outcome_by=None, come_back_on=None, note=None)
    _record(session, action="visit:undo_outcome", turn=turn, staff_id=staff_id, now=now)


def _set_state(
    session: WriteSession, turn: Turn, *, state: State, kind: EventKind, staff_id: int, now: datetime
) -> None:
    """Change the state from the one that was read, never over a rival's change, and write it into the history."""
    change = update(appointments).where(appointments.c.id == turn.id, appointments.c.state == turn.state)
    is_live = state in LIVE and turn.day >= turn.today
    try:
        with session.begin_nested():
            done = session.connection().execute(change.values(state=state, is_live=is_live, changed_at=now)).rowcount
    except IntegrityError:
        # Only when an outcome is undone: meanwhile the person booked this service again, and that turn stands.
        done = session.connection().execute(change.values(state=state, is_live=False, changed_at=now)).rowcount
    if done != 1:
        raise NotRecordable(appointment_id=turn.id, state=turn.state)
    write_event(
        session,
        appointment_id=turn.id,
        kind=kind,
        state=state,
        slot_id=turn.slot_id,
        staff_id=staff_id,
        now=now,
    )


def _set_visit(session: WriteSession, turn: Turn, **values: object) -> None:
    connection = session.connection()
    connection.execute(insert_if_new(session, Visit, unique=("appointment_id",)).inline(), {"appointment_id": turn.id})
    connection.execute(update(visits).where(visits.c.appointment_id == turn.id).values(**values))


def _turn(session: WriteSession, appointment_id: int, *, now: datetime) -> Turn:
    session.flush()
    found = session.execute(
        select(
            appointments.c.id,
            appointments.c.state,
            appointments.c.day,
            Office.zone,
            appointments.c.slot_id,
            visits.c.arrived_at,
        )
        .join(Office, Office.id == appointments.c.office_id)
        .outerjoin(visits, visits.c.appointment_id == appointments.c.id)
        .where(appointments.c.id == appointment_id)
    ).one_or_none()
    if found is None:
        raise LookupError(f"no turn {appointment_id}")
    id, state, day, zone, slot_id, arrived_at = found
    today = local_day_of(now, zone=zone).date
    if day > today:
        raise NotYetTheDay(appointment_id=id, day=day)
    return Turn(id=id, state=state, day=day, today=today, slot_id=slot_id, arrived_at=arrived_at)


def _record(session: WriteSession, *, action: str, turn: Turn, staff_id: int, now: datetime) -> None:
    record(session, staff_id=staff_id, action=action, subject=f"appointment:{turn.id}", now=now)
