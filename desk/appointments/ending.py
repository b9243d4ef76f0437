"""Cancelling an appointment, letting it fall, letting go what nobody answered, and lapsing those of past days that
nobody recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import literal_column, select, update

from desk.acting import Actor
from desk.appointments.booking import appointments
from desk.appointments.changing import AppointmentToChange, appointment_to_change, as_read
from desk.appointments.history import EventKind, write_event
from desk.appointments.notices import tell_cancelled_by_office, tell_fallen, tell_let_go, withdraw
from desk.appointments.one_place import place_left
from desk.appointments.proposing import settle
from desk.appointments.refusals import NotCancellable, NotYours
from desk.appointments.rules import LIVE, AppointmentState, ProposalState, fall_is_told_at
from desk.appointments.the_rest import correct_all
from desk.codes import TrackingCode
from desk.conversations.actions import require_chat
from desk.conversations.limits import note
from desk.conversations.rules import CounterKind
from desk.people import actions as people
from desk.periods import USUAL_REST, Rest
from desk.places.claims import give_back
from desk.places.resting import give_back_later
from desk.refusals import whole
from desk.storage.base import WriteSession


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A cancelled appointment; `is_repeat` = the same chat had cancelled it before."""

    appointment_id: int
    code: TrackingCode
    is_repeat: bool


def cancel(
    session: WriteSession, *, appointment_id: int, actor: Actor, rest: Rest = USUAL_REST, now: datetime
) -> Cancelled:
    """The person cancels, and the place rests before it is free; cancelling twice is the same as once.

    It is always possible. It counts: after `ChatLimits.cancellations` of them the chat books none for a while. A time
    that the office proposed does not count.

    Raises NotYours where the appointment is not this chat's, NotCancellable(state) where it is not booked.
    """
    conversation_id = require_chat(actor)
    session.flush()
    appointment = appointment_to_change(session, appointment_id=appointment_id)
    if appointment is None or appointment.conversation_id != conversation_id:
        raise NotYours(appointment_id=appointment_id)
    done = Cancelled(appointment_id=appointment.id, code=TrackingCode(appointment.code), is_repeat=False)
    if appointment.state is AppointmentState.CANCELLED_BY_PERSON:
        return Cancelled(appointment_id=appointment.id, code=done.code, is_repeat=True)
    if appointment.state is not AppointmentState.BOOKED or not appointment.is_live:
        raise NotCancellable(appointment_id=appointment.id, state=appointment.state)
    _give_back(session, appointment, actor=actor, rest=rest, now=now)
    if not appointment.is_proposed:
        note(session, conversation_id=conversation_id, kind=CounterKind.CANCELLATIONS, now=now)
    return done


def give_up(
    session: WriteSession,
    *,
    appointment_id: int,
    actor: Actor,
    with_all: Sequence[int] = (),
    rest: Rest = USUAL_REST,
    now: datetime,
) -> None:
    """Cancel one of two appointments that a chat has come to have for one person and service; it counts for no limit.

    `with_all` = it is one of these, which are all given back now, and what stands of it in the chat says so.

    The caller has asked whose they are. Raises LookupError for an unknown appointment, NotCancellable(state).
    """
    session.flush()
    appointment = _live(session, appointment_id=appointment_id)
    if appointment.state is not AppointmentState.BOOKED:
        raise NotCancellable(appointment_id=appointment.id, state=appointment.state)
    _give_back(session, appointment, actor=actor, with_all=with_all, rest=rest, now=now)


def _give_back(
    session: WriteSession,
    appointment: AppointmentToChange,
    *,
    actor: Actor,
    with_all: Sequence[int] = (),
    rest: Rest,
    now: datetime,
) -> None:
    """The person gives it up, and its place rests before it is free, unless others of its household have it still."""
    _end(
        session,
        appointment,
        state=AppointmentState.CANCELLED_BY_PERSON,
        proposal=ProposalState.GIVEN_BACK,
        with_all=with_all,
        actor=actor,
        reason=None,
        now=now,
    )
    for place in place_left(session, appointment):
        give_back_later(
            session,
            slot_id=place.slot_id,
            starts_at=appointment.starts_at,
            holder=appointment.holder,
            counts_for=place.counts_for,
            rest=rest,
            now=now,
        )


def cancel_by_office(
    session: WriteSession,
    *,
    appointment_id: int,
    actor: Actor,
    reason: str,
    tells: bool = True,
    now: datetime,
) -> Cancelled:
    """The office cancels a live appointment and tells the person the reason.

    With `tells` false no notice is written: the caller tells the person in another way. The history records the change.

    Raises LookupError for an unknown appointment, NotCancellable(state) for one that is not live.
    """
    session.flush()
    appointment = _live(session, appointment_id=appointment_id)
    _end(
        session,
        appointment,
        state=AppointmentState.CANCELLED_BY_OFFICE,
        actor=actor,
        reason=whole(reason, most=200) or None,
        now=now,
    )
    give_back(session, place_left(session, appointment))
    if tells and appointment.address is not None:
        tell_cancelled_by_office(
            session, appointment_id=appointment.id, moves=appointment.moves, to=appointment.address, now=now
        )
    return Cancelled(appointment_id=appointment.id, code=TrackingCode(appointment.code), is_repeat=False)


def let_go(session: WriteSession, *, appointment_id: int, actor: Actor, now: datetime) -> Cancelled:
    """End an appointment whose proposed time nobody answered, and tell the person; it counts for no limit.

    Its place goes to those who wait. Raises LookupError for an unknown appointment, NotCancellable(state) for one that
    is not live or was accepted.
    """
    session.flush()
    appointment = _live(session, appointment_id=appointment_id)
    if appointment.proposal is not ProposalState.OPEN:
        raise NotCancellable(appointment_id=appointment.id, state=appointment.state)
    with session.begin_nested():
        _end(
            session,
            appointment,
            state=AppointmentState.CANCELLED_BY_OFFICE,
            proposal=ProposalState.LAPSED,
            actor=actor,
            reason=appointment.office_reason,
            now=now,
        )
    give_back(session, place_left(session, appointment))
    if appointment.address is not None:
        tell_let_go(session, appointment_id=appointment.id, moves=appointment.moves, to=appointment.address, now=now)
    return Cancelled(appointment_id=appointment.id, code=TrackingCode(appointment.code), is_repeat=False)


def fall(session: WriteSession, *, appointment_id: int, counts: bool = True, actor: Actor, now: datetime) -> None:
    """End a live appointment because somebody else held the paper with its number; its place is free at once.

    Its chat is told, and it counts for that chat (`CounterKind.FALLEN`) unless `counts` is false: the paper that was
    shown was another one of the same person. The caller has asked who may, and has locked the appointments of the
    number.

    Raises LookupError for an unknown appointment, NotCancellable(state) for one that is not live.
    """
    session.flush()
    appointment = _live(session, appointment_id=appointment_id)
    _end(
        session,
        appointment,
        state=AppointmentState.CANCELLED_BY_OFFICE,
        kind=EventKind.FALLEN,
        fell_at=now,
        actor=actor,
        reason=None,
        now=now,
    )
    give_back(session, place_left(session, appointment))
    if appointment.address is not None:
        tell_fallen(
            session,
            appointment_id=appointment.id,
            starts_at=appointment.starts_at,
            zone=appointment.zone,
            to=appointment.address,
            now=now,
        )
    if counts and appointment.conversation_id is not None:
        note(session, conversation_id=appointment.conversation_id, kind=CounterKind.FALLEN, now=now)
        if appointment.person_id is not None:
            people.doubt(session, conversation_id=appointment.conversation_id, person_id=appointment.person_id)


def lapse(session: WriteSession, *, before: date, limit: int = 500, now: datetime) -> int:
    """Lapse unrecorded appointments of days before `before`, so that they no longer block a new one; return their
    number.

    Their state does not change: only a named clerk records an absence, and an outcome can still be recorded. Reminders
    that were not sent are withdrawn.
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
        withdraw(session, appointment_id=appointment_id)
    return len(ids)


def _live(session: WriteSession, *, appointment_id: int) -> AppointmentToChange:
    """The appointment, which must be live. Raises LookupError, NotCancellable(state)."""
    appointment = appointment_to_change(session, appointment_id=appointment_id)
    if appointment is None:
        raise LookupError(f"no appointment {appointment_id}")
    if appointment.state not in LIVE or not appointment.is_live:
        raise NotCancellable(appointment_id=appointment.id, state=appointment.state)
    return appointment


def _end(
    session: WriteSession,
    appointment: AppointmentToChange,
    *,
    state: AppointmentState,
    kind: EventKind = EventKind.CANCELLED,
    fell_at: datetime | None = None,
    proposal: ProposalState = ProposalState.WITHDRAWN,
    with_all: Sequence[int] = (),
    actor: Actor,
    reason: str | None,
    now: datetime,
) -> None:
    """Set the final state, guarded by the state that was read; the caller then gives the place back."""
    changed = session.connection().execute(
        update(appointments)
        .where(as_read(appointment))
        .values(state=state, is_live=False, office_reason=reason, fell_at=fell_at, changed_at=now)
    )
    if changed.rowcount != 1:
        raise NotCancellable(appointment_id=appointment.id, state=appointment.state)
    settle(session, appointment, outcome=proposal, now=now)
    write_event(
        session,
        appointment_id=appointment.id,
        office_id=appointment.office_id,
        day=appointment.day,
        kind=kind,
        state=state,
        slot_id=appointment.slot_id,
        was=(appointment.state, appointment.slot_id),
        actor=actor,
        now=now,
    )
    if appointment.address is not None:
        # Of a fall the chat is not told before its time, by its tickets neither.
        at = fall_is_told_at(fell_at, appointment.starts_at, zone=appointment.zone) if fell_at is not None else now
        correct_all(session, appointment, what="over", with_all=with_all, due_at=at, now=now)
    withdraw(session, appointment_id=appointment.id)
