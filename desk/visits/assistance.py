"""The office answers what somebody wishes for at the counter: it has arranged it, or it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from desk.acting import Actor, Permission
from desk.appointments.assistance import keep_answers, wished_for
from desk.appointments.changing import appointment_to_change
from desk.appointments.history import EventKind, times, write_event
from desk.appointments.notices import tell_assistance
from desk.appointments.queries import appointment_by_id, coming_together
from desk.appointments.rows import AppointmentRow
from desk.appointments.rules import AppointmentState, AssistanceState
from desk.calendar import local_day_of
from desk.offices.reach import node_of
from desk.offices.rules import Assistance
from desk.storage.base import WriteSession
from desk.storage.locks import hold
from desk.visits.refusals import NotRecordable


def answer_wishes(
    session: WriteSession,
    *,
    appointment_id: int,
    answers: Mapping[Assistance, AssistanceState],
    actor: Actor,
    now: datetime,
) -> None:
    """Say for the present time what the office has arranged and what it cannot; what is not wished for is left out.

    Who comes together with the person gets the same answer to the same wish, and the chat is told once. Where nothing
    is different, nothing happens. An answer is not taken back, only changed: the person may have read it.
    Raises OutOfReach, NotRecordable(state) where the person has come or the day is over, LookupError.
    """
    hold(session, subject=f"wishes:{appointment_id}")
    session.flush()
    appointment = appointment_by_id(session, appointment_id=appointment_id)
    if appointment is None:
        raise LookupError(f"no appointment {appointment_id}")
    actor.require(Permission.APPOINTMENTS_RECORD, at=node_of(session, appointment.office.id))
    if not is_open(appointment, now=now):
        raise NotRecordable(appointment_id=appointment.id, state=appointment.state)
    changed = [each for each in _with(session, appointment) if _answer(session, each, answers, actor=actor, now=now)]
    if not changed or not appointment.is_ahead(now=now):
        return  # who is late reads nothing of it any more
    told = appointment_to_change(session, appointment_id=changed[0].id)
    if told is not None and told.address is not None:
        nth = times(session, appointment_id=told.id, kind=EventKind.ASSISTANCE)
        tell_assistance(session, appointment_id=told.id, nth=nth, to=told.address, now=now)


def is_open(appointment: AppointmentRow, *, now: datetime) -> bool:
    """Whether it may still be answered: the person has not come, and the day is not over."""
    today = local_day_of(now, zone=appointment.zone).date
    return appointment.state is AppointmentState.BOOKED and appointment.is_live and appointment.day >= today


def _with(session: WriteSession, appointment: AppointmentRow) -> list[AppointmentRow]:
    """The appointment first, and those who come together with it."""
    others = coming_together(session, appointment)
    return [appointment, *(each for each in others if each.id != appointment.id)]


def _answer(
    session: WriteSession,
    appointment: AppointmentRow,
    answers: Mapping[Assistance, AssistanceState],
    *,
    actor: Actor,
    now: datetime,
) -> bool:
    """Keep the answers to what is wished for with this one; False = they are there already."""
    before = dict(wished_for(session, appointment_id=appointment.id))
    after = {kind: answers.get(kind, state) for kind, state in before.items()}
    is_taken_back = any(after[kind] is AssistanceState.ASKED is not state for kind, state in before.items())
    if after == before or is_taken_back or appointment.state is not AppointmentState.BOOKED:
        return False
    keep_answers(session, appointment_id=appointment.id, moves=appointment.moves, answers=after)
    write_event(
        session,
        appointment_id=appointment.id,
        office_id=appointment.office.id,
        day=appointment.day,
        kind=EventKind.ASSISTANCE,
        state=appointment.state,
        slot_id=appointment.slot_id,
        was=(appointment.state, appointment.slot_id),
        actor=actor,
        now=now,
    )
    return True
