"""What a chat may read and answer about a change of its appointment."""

from __future__ import annotations

from desk.appointments import proposing
from desk.appointments.chat import own
from desk.appointments.refusals import NotYours
from desk.consequences import actions, queries
from desk.conversations.chat import Chat


def agree(chat: Chat, appointment_id: int) -> None:
    """The person accepts what the office changed: a proposed time is then theirs.

    Raises `NotYours`, `NotCancellable`.
    """
    if own(chat, appointment_id) is None:
        raise NotYours(appointment_id)
    proposing.accept(chat.writing, appointment_id=appointment_id, actor=chat.actor, now=chat.now)
    actions.agree(chat.writing, appointment_id=appointment_id, actor=chat.actor, now=chat.now)


def reason_of_change(chat: Chat, change_id: int) -> str:
    """The reason of a change, in the words that staff wrote for people."""
    return queries.reason_of(chat.session, change_id=change_id)
