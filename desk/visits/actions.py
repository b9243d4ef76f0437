"""The actions on visits: record an arrival or an outcome, by a named clerk, and undo a mistaken press."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select

from desk.acting import Actor
from desk.appointments.booking import Booked, appointments, book
from desk.appointments.ending import cancel_by_office
from desk.appointments.history import EventKind, times
from desk.appointments.notices import about, ticket_key
from desk.appointments.refusals import ServiceNotOffered, SlotTaken
from desk.appointments.rules import CANCELLED, LIVE, AppointmentNotice, AppointmentState
from desk.capacity.queries import slot_now
from desk.codes import CodeKind, TrackingCode
from desk.outbox.actions import drop
from desk.outbox.queries import was_sent
from desk.refusals import whole
from desk.storage.base import WriteSession
from desk.visits.notices import tell_outcome, tell_undone, unsay_outcome
from desk.visits.recording import AppointmentToRecord, appointment_of, bring_back_reminders, set_state, set_visit
from desk.visits.refusals import DateMissing, NotRecordable, NotYetTheHour
from desk.visits.rules import Outcome
from desk.visits.stored import stored_note

STATE_OF = {
    Outcome.SERVED: AppointmentState.SERVED,
    Outcome.COME_BACK: AppointmentState.COME_BACK,
    Outcome.ABSENT: AppointmentState.ABSENT,
}
"""The state of an appointment after each outcome."""


class Given(NamedTuple):
    """An appointment that an outcome «come back» created."""

    id: int
    state: AppointmentState
    moves: int


def record_arrival(session: WriteSession, *, appointment_id: int, actor: Actor, now: datetime) -> None:
    """Record that the person has arrived; recording it again changes nothing. The history records the clerk.

    Raises NotYetTheDay, NotRecordable(state) for an appointment that was cancelled or has its outcome, LookupError.
    """
    appointment = appointment_of(session, appointment_id, actor=actor, now=now)
    if appointment.state is AppointmentState.ARRIVED:
        return
    if appointment.state is not AppointmentState.BOOKED:
        raise NotRecordable(appointment_id=appointment.id, state=appointment.state)
    set_state(session, appointment, state=AppointmentState.ARRIVED, kind=EventKind.ARRIVED, actor=actor, now=now)
    set_visit(session, appointment, arrived_at=now, arrived_by=actor.staff_id)
    drop(session, about=about(appointment.id), notices=[AppointmentNotice.REMINDER])


def undo_arrival(session: WriteSession, *, appointment_id: int, actor: Actor, now: datetime) -> None:
    """Undo an arrival that was recorded by mistake; reminders still to come are restored. The history records the
    clerk.

    Raises NotRecordable(state), LookupError.
    """
    appointment = appointment_of(session, appointment_id, actor=actor, now=now)
    if appointment.state is not AppointmentState.ARRIVED:
        raise NotRecordable(appointment_id=appointment.id, state=appointment.state)
    set_state(session, appointment, state=AppointmentState.BOOKED, kind=EventKind.ARRIVAL_UNDONE, actor=actor, now=now)
    set_visit(session, appointment, arrived_at=None, arrived_by=None)
    bring_back_reminders(session, appointment, state=AppointmentState.BOOKED, now=now)


def record_outcome(
    session: WriteSession,
    *,
    appointment_id: int,
    outcome: Outcome,
    is_sure: bool = False,
    note: str | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Record the outcome of the visit; the appointment ends with it and the person is told. The history records the
    clerk.

    Raises NotYetTheHour for an absence before the hour of the appointment unless the clerk `is_sure`, DateMissing for
    «come back», which `record_come_back` records, NotYetTheDay, NotRecordable(state), LookupError.
    """
    appointment = appointment_of(session, appointment_id, actor=actor, now=now)
    if outcome is Outcome.COME_BACK:
        raise DateMissing(appointment_id=appointment.id)
    _require_open(appointment, outcome=outcome)
    if outcome is Outcome.ABSENT and appointment.starts_at > now and not is_sure:
        raise NotYetTheHour(appointment_id=appointment.id, starts_at=appointment.starts_at, zone=appointment.zone)
    _end(session, appointment, outcome=outcome, come_back_on=None, note=note, actor=actor, now=now)
    if appointment.address is not None:
        tell_outcome(
            session,
            appointment_id=appointment.id,
            outcome=outcome,
            nth=_outcomes(session, appointment),
            to=appointment.address,
            zone=appointment.zone,
            now=now,
        )


def record_come_back(
    session: WriteSession,
    *,
    appointment_id: int,
    slot_id: int,
    note: str | None = None,
    actor: Actor,
    now: datetime,
) -> Booked:
    """Record that the person has to come back: this appointment ends, and they get a new one at that slot, with a
    ticket.

    All or nothing: where booking is refused, the caller must roll back. The history records the clerk.
    Raises DateMissing for a slot that is not on a later day, ServiceNotOffered for one of another office, whatever
    booking raises, NotYetTheDay, NotRecordable(state), LookupError.
    """
    appointment = appointment_of(session, appointment_id, actor=actor, now=now)
    _require_open(appointment, outcome=Outcome.COME_BACK)
    slot = slot_now(session, slot_id=slot_id)
    if slot is None:
        raise SlotTaken(slot_id=slot_id)
    if slot.office_id != appointment.office_id:
        raise ServiceNotOffered(service_id=appointment.service_id, slot_id=slot_id)
    if slot.day <= appointment.day:
        raise DateMissing(appointment_id=appointment.id)
    if appointment.person_id is None:
        raise NotRecordable(
            appointment_id=appointment.id, state=appointment.state
        )  # erased: no person is left to book for
    _end(session, appointment, outcome=Outcome.COME_BACK, come_back_on=slot.day, note=note, actor=actor, now=now)
    nth = _outcomes(session, appointment)
    if appointment.address is not None:
        tell_outcome(
            session,
            appointment_id=appointment.id,
            outcome=Outcome.COME_BACK,
            nth=nth,
            slot_id=slot_id,
            to=appointment.address,
            zone=appointment.zone,
            now=now,
        )
    return book(
        session,
        idem_key=given_key(appointment.id, nth=nth),
        actor=actor,
        for_chat=appointment.conversation_id,
        slot_id=slot_id,
        service_id=appointment.service_id,
        person_id=appointment.person_id,
        person_name=appointment.person_name or "",
        document_kind=appointment.document_kind,
        code=TrackingCode.make(CodeKind.APPOINTMENT),
        now=now,
    )


def undo_outcome(
    session: WriteSession, *, appointment_id: int, tells: bool = True, actor: Actor, now: datetime
) -> None:
    """Undo an outcome that was recorded by mistake: the appointment is as before, with its reminders.

    An appointment given by «come back» is cancelled. An unsent notice is withdrawn; a sent one is corrected, unless
    `tells` is false: the caller tells the person in another way. The
    appointment becomes live again only while its day lasts, and unless the person has booked this service again. The
    history records the clerk.
    Raises NotRecordable(state), also where the new appointment has had its visit, and LookupError.
    """
    appointment = appointment_of(session, appointment_id, actor=actor, now=now)
    if appointment.state not in STATE_OF.values():
        raise NotRecordable(appointment_id=appointment.id, state=appointment.state)
    nth = _outcomes(session, appointment)
    told = unsay_outcome(session, appointment_id=appointment.id, nth=nth)
    given = _given(session, appointment, nth=nth)
    if given is not None:
        told = (
            was_sent(session, idem_keys=[ticket_key(given.id, moves=moves) for moves in range(given.moves + 1)]) or told
        )
        if given.state not in CANCELLED:
            if given.state is not AppointmentState.BOOKED:
                raise NotRecordable(appointment_id=given.id, state=given.state)
            cancel_by_office(session, appointment_id=given.id, actor=actor, reason="", tells=False, now=now)
    state = AppointmentState.BOOKED if appointment.arrived_at is None else AppointmentState.ARRIVED
    set_state(session, appointment, state=state, kind=EventKind.OUTCOME_UNDONE, actor=actor, now=now)
    set_visit(session, appointment, outcome=None, outcome_at=None, outcome_by=None, come_back_on=None, note_sealed=None)
    if told and tells and appointment.address is not None:
        given_id = given.id if given is not None else None
        tell_undone(session, appointment_id=appointment.id, nth=nth, given_id=given_id, to=appointment.address, now=now)
    bring_back_reminders(session, appointment, state=state, now=now)


def given_key(appointment_id: int, *, nth: int) -> str:
    """The `idem_key` of the appointment that the `nth` outcome of an appointment gave."""
    return f"back:{appointment_id}:{nth}"


def _require_open(appointment: AppointmentToRecord, *, outcome: Outcome) -> None:
    if appointment.state not in LIVE or (outcome is Outcome.ABSENT and appointment.state is AppointmentState.ARRIVED):
        raise NotRecordable(appointment_id=appointment.id, state=appointment.state)


def _end(
    session: WriteSession,
    appointment: AppointmentToRecord,
    *,
    outcome: Outcome,
    come_back_on: date | None,
    note: str | None,
    actor: Actor,
    now: datetime,
) -> None:
    set_state(session, appointment, state=STATE_OF[outcome], kind=EventKind.OUTCOME, actor=actor, now=now)
    set_visit(
        session,
        appointment,
        outcome=outcome,
        outcome_at=now,
        outcome_by=actor.staff_id,
        come_back_on=come_back_on,
        note_sealed=stored_note(session.keys, whole(note, most=200) if note else None, appointment_id=appointment.id),
    )
    drop(session, about=about(appointment.id), notices=[AppointmentNotice.REMINDER])


def _outcomes(session: WriteSession, appointment: AppointmentToRecord) -> int:
    """The number of outcomes recorded for this appointment, the present one included."""
    return times(session, appointment_id=appointment.id, kind=EventKind.OUTCOME)


def _given(session: WriteSession, appointment: AppointmentToRecord, *, nth: int) -> Given | None:
    """The appointment that the `nth` outcome gave, in any state."""
    found = session.execute(
        select(appointments.c.id, appointments.c.state, appointments.c.moves).where(
            appointments.c.idem_key == given_key(appointment.id, nth=nth)
        )
    ).one_or_none()
    return None if found is None else Given(*found)
