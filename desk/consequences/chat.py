"""What the office changed about an appointment, as its chat may answer and read it."""

from __future__ import annotations

from desk.appointments.chat import own
from desk.appointments.refusals import NotYours
from desk.consequences import actions, queries
from desk.conversations.chat import Chat


def agree(chat: Chat, appointment_id: int) -> None:
    """The person says that what the office changed is all right. Raises `NotYours`."""
    if own(chat, appointment_id) is None:
        raise NotYours(appointment_id)
    actions.agree(chat.writing, appointment_id=appointment_id, now=chat.now)


def reason_of_change(chat: Chat, change_id: int) -> str:
    """Why the office changed something, in its words to the people."""
    return queries.reason_of(chat.session, change_id=change_id)
