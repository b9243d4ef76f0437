"""The history of an appointment: each change of state or time is an event, and replaying the events gives the
present."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from desk.acting import Actor
from desk.appointments.rules import AppointmentState
from desk.events import actions as events
from desk.events.models import Event
from desk.storage.base import WriteSession
from desk.storage.upsert import table_of

APPOINTMENTS = "turns"
"""The subject of the signal that an appointment has changed."""

SUBJECT = "appointment:"
"""The prefix of an event's subject that is an appointment."""


class EventKind(StrEnum):
    """The kinds of event of an appointment."""

    BOOKED = "appointment.booked"
    MOVED = "appointment.moved"
    NAME_CORRECTED = "appointment.name_corrected"
    """The name was written otherwise; neither name stands in the history."""
    ACCEPTED = "appointment.accepted"
    """The person takes the time that the office proposed; state and slot stay."""
    CONFIRMED = "appointment.confirmed"
    """The person says that they will come; state and slot stay."""
    ASSISTANCE = "appointment.assistance"
    """The office answered what was wished for; neither wish nor answer stands in the history."""
    CANCELLED = "appointment.cancelled"
    PROVEN = "appointment.proven"
    """A clerk saw the original paper with this number; nothing about the appointment changes."""
    FALLEN = "appointment.fallen"
    """Another appointment of the same number was proven."""
    ARRIVED = "appointment.arrived"
    ARRIVAL_UNDONE = "appointment.arrival_undone"
    OUTCOME = "appointment.outcome"
    OUTCOME_UNDONE = "appointment.outcome_undone"


_event = table_of(Event)
_TIMES = select(func.count()).where(_event.c.subject == bindparam("subject"), _event.c.kind == bindparam("kind"))


def subject_of(appointment_id: int) -> str:
    """The subject of events about this appointment, such as `appointment:5`."""
    return f"{SUBJECT}{appointment_id}"


def write_event(
    session: WriteSession,
    *,
    appointment_id: int,
    office_id: int,
    day: date,
    left: tuple[int, date] | None = None,
    kind: EventKind,
    state: AppointmentState,
    slot_id: int,
    was: tuple[AppointmentState, int] | None = None,
    actor: Actor,
    idem_key: str | None = None,
    now: datetime,
) -> None:
    """Write one change into the history: state and slot from now on, and the earlier ones (`was`).

    `office_id` and `day` say on which list it stands from now on; `left` which one it has left.
    """
    events.note(
        session,
        kind=kind,
        subject=f"{SUBJECT}{appointment_id}",
        actor=actor,
        office_id=office_id,
        others=[f"slot:{slot_id}"],
        # Always both, even where one stays: `verify` replays the last event of an appointment.
        data={"new": {"state": state, "slot": slot_id}} | ({"old": {"state": was[0], "slot": was[1]}} if was else {}),
        idem_key=idem_key,
        is_told=False,  # told below, by the subject that pages subscribe to
        now=now,
    )
    session.changed(APPOINTMENTS, appointment_id, office_id=office_id, day=day)
    if left is not None:
        session.changed(APPOINTMENTS, appointment_id, office_id=left[0], day=left[1])


def times(session: Session, *, appointment_id: int, kind: EventKind) -> int:
    """The number of events of this kind that the appointment has."""
    return session.scalar(_TIMES, {"subject": subject_of(appointment_id), "kind": kind}) or 0
