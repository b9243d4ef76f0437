"""What stands beside a ready-made appointment of `tests.makers`: the lines of its history, and its ticket."""

from __future__ import annotations

from datetime import datetime

from desk.acting import ActorKind
from desk.appointments.history import EventKind, subject_of
from desk.appointments.models import Appointment
from desk.appointments.rules import AppointmentState
from desk.conversations.models import Conversation
from desk.events.models import Event
from desk.outbox.models import OutboxMessage
from desk.outbox.rules import DeliveryState, Lane

CHANGES = {
    AppointmentState.ARRIVED: EventKind.ARRIVED,
    AppointmentState.SERVED: EventKind.OUTCOME,
    AppointmentState.COME_BACK: EventKind.OUTCOME,
    AppointmentState.ABSENT: EventKind.OUTCOME,
    AppointmentState.CANCELLED_BY_PERSON: EventKind.CANCELLED,
    AppointmentState.CANCELLED_BY_OFFICE: EventKind.CANCELLED,
}
"""What must have happened last to an appointment that is in this state."""


def event_of(
    appointment: Appointment, *, kind: EventKind, state: AppointmentState, at: datetime, id: int | None = None
) -> Event:
    """A line of the history of an appointment, with its present time."""
    return Event(
        id=id,
        at=at,
        kind=kind,
        actor_kind=ActorKind.SYSTEM,
        subject=subject_of(appointment.id),
        others=[f"slot:{appointment.slot_id}"],
        office_id=appointment.office_id,
        data={"new": {"state": state, "slot": appointment.slot_id}},
    )


def ticket_of(appointment: Appointment, *, conversation: Conversation, at: datetime) -> OutboxMessage:
    """The message with its ticket, which waits to be sent."""
    return OutboxMessage(
        idem_key=f"ticket:{appointment.id}:0",
        channel=conversation.channel,
        bot=conversation.bot,
        conversation_id=conversation.id,
        lane=Lane.REPLY,
        notice="ticket",
        params={"appointment": appointment.id},
        about=f"appointment:{appointment.id}",
        state=DeliveryState.OPEN,
        due_at=at,
        created_at=at,
    )
