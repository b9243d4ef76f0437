"""Cancelling a turn, whose place goes back in the same transaction, and letting the unrecorded ones of past days go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import literal_column, select, update

from desk.acting import Actor
from desk.appointments.booking import appointments
from desk.appointments.changing import Turn, turn_to_change
from desk.appointments.history import EventKind, write_event
from desk.appointments.notices import tell_cancelled_by_office, withdraw
from desk.appointments.refusals import NotCancellable, NotYours
from desk.appointments.rules import LIVE, State
from desk.codes import TrackingCode
from desk.places.counting import exchange
from desk.refusals import whole
from desk.storage.base import WriteSession


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A cancelled turn; `is_repeat` = the same chat had cancelled it before."""

    appointment_id: int
    code: TrackingCode
    is_repeat: bool


def cancel(session: WriteSession, *, appointment_id: int, conversation_id: int, now: datetime) -> Cancelled:
    """The person cancels; the place is free again at once. Cancelling twice is the same as once.

    Raises NotYours where the turn is not of this chat, NotCancellable(state) once it is anything but booked.
    """
    session.flush()
    turn = turn_to_change(session, appointment_id=appointment_id)
    if turn is None or turn.conversation_id != conversation_id:
        raise NotYours(appointment_id=appointment_id)
    done = Cancelled(appointment_id=turn.id, code=TrackingCode(turn.code), is_repeat=False)
    if turn.state is State.CANCELLED_BY_PERSON:
        return Cancelled(appointment_id=turn.id, code=done.code, is_repeat=True)
    if turn.state is not State.BOOKED or not turn.is_live:
        raise NotCancellable(appointment_id=turn.id, state=turn.state)
    _end(session, turn, state=State.CANCELLED_BY_PERSON, actor=Actor.chat(conversation_id), reason=None, now=now)
    return done


def cancel_by_office(
    session: WriteSession,
    *,
    appointment_id: int,
    actor: Actor,
    reason: str,
    tells: bool = True,
    now: datetime,
) -> Cancelled:
    """The office cancels a live turn; the person is told, with the reason, unless the caller `tells` it otherwise.

    Audited.

    Raises LookupError for an unknown turn, NotCancellable(state) for one that is not live.
    """
    session.flush()
    turn = turn_to_change(session, appointment_id=appointment_id)
    if turn is None:
        raise LookupError(f"no turn {appointment_id}")
    if turn.state not in LIVE or not turn.is_live:
        raise NotCancellable(appointment_id=turn.id, state=turn.state)
    _end(
        session,
        turn,
        state=State.CANCELLED_BY_OFFICE,
        actor=actor,
        reason=whole(reason, most=200) or None,
        now=now,
    )
    if tells and turn.address is not None:
        tell_cancelled_by_office(session, appointment_id=turn.id, moves=turn.moves, to=turn.address, now=now)
    return Cancelled(appointment_id=turn.id, code=TrackingCode(turn.code), is_repeat=False)


def lapse(session: WriteSession, *, before: date, limit: int = 500, now: datetime) -> int:
    """Let turns of days before `before` that nobody recorded no longer stand in the way of a new one; how many.

    Their state stays as it is: nobody is called absent but by a named clerk, and an outcome can still be recorded.
    A reminder that never went out is taken back.
    """
    over = (
        select(appointments.c.id)
        .where(literal_column("appointments.is_live"), appointments.c.day < before)
        .order_by(appointments.c.id)
        .limit(limit)
    )
    ended = (
        update(appointments)
        .where(appointments.c.id.in_(over.scalar_subquery()), appointments.c.day < before)
        .values(is_live=False)
        .returning(appointments.c.id)
    )
    ids = session.connection().execute(ended).scalars().all()
    for appointment_id in ids:
        withdraw(session, appointment_id=appointment_id, now=now)
    return len(ids)


def _end(session: WriteSession, turn: Turn, *, state: State, actor: Actor, reason: str | None, now: datetime) -> None:
    """Cancel: the state changes only from the one that was read, and only then the place goes back."""
    changed = session.connection().execute(
        update(appointments)
        .where(appointments.c.id == turn.id, appointments.c.state == turn.state, appointments.c.slot_id == turn.slot_id)
        .values(state=state, is_live=False, office_reason=reason, changed_at=now)
    )
    if changed.rowcount != 1:
        raise NotCancellable(appointment_id=turn.id, state=turn.state)
    write_event(
        session,
        appointment_id=turn.id,
        office_id=turn.office_id,
        kind=EventKind.CANCELLED,
        state=state,
        slot_id=turn.slot_id,
        was=(turn.state, turn.slot_id),
        staff_id=actor.staff_id,
        by_chat=actor.is_chat,
        now=now,
    )
    withdraw(session, appointment_id=turn.id, now=now)
    exchange(session, given_back=[turn.slot_id])
