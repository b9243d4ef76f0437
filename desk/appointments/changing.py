"""What has to be known of a turn before it is moved or cancelled, in one statement."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from desk.appointments.booking import appointments
from desk.appointments.rules import State
from desk.conversations.models import Conversation
from desk.outbox.rules import Address3
from desk.storage.base import WriteSession


class AppointmentToChange(NamedTuple):
    """What has to be known of a turn to change it."""

    id: int
    code: str
    slot_id: int
    office_id: int
    service_id: int
    state: State
    is_live: bool
    moves: int
    conversation_id: int | None
    address: Address3 | None


def appointment_to_change(session: WriteSession, *, appointment_id: int) -> AppointmentToChange | None:
    """The turn as it stands; None where there is none of this id."""
    found = session.execute(
        select(
            appointments.c.id,
            appointments.c.code,
            appointments.c.slot_id,
            appointments.c.office_id,
            appointments.c.service_id,
            appointments.c.state,
            appointments.c.is_live,
            appointments.c.moves,
            appointments.c.conversation_id,
            Conversation.channel,
            Conversation.bot,
            Conversation.chat,
        )
        .outerjoin(Conversation, Conversation.id == appointments.c.conversation_id)
        .where(appointments.c.id == appointment_id)
    ).one_or_none()
    if found is None:
        return None
    id, code, slot_id, office_id, service_id, state, is_live, moves, conversation_id, channel, bot, chat = found
    address = Address3(channel, bot, chat) if channel else None
    return AppointmentToChange(
        id, code, slot_id, office_id, service_id, state, is_live, moves, conversation_id, address
    )
