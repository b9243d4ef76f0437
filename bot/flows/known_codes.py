"""The tracking codes that a chat knows: those of its own appointments and cases."""

from __future__ import annotations

from desk.appointments import chat as appointments
from desk.cases import chat as cases
from desk.codes import TrackingCode
from desk.conversations.chat import Chat


def of(chat: Chat) -> frozenset[TrackingCode]:
    """The codes that may stand in what this chat writes; any other number of their length is taken out of it."""
    of_appointments = (row.code for row in appointments.mine(chat, live_only=False))
    return frozenset((*of_appointments, *(row.code for row in cases.mine(chat))))
