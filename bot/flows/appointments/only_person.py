"""Whom the last look says where a chat has named one person only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.flows.people.persons import PersonDraft
from desk.appointments import chat as appointments
from desk.people import chat as people

if TYPE_CHECKING:
    from desk.conversations.chat import Chat


def to_come(chat: Chat, *, service_id: int) -> PersonDraft:
    """The person whom the chat has named, where that is one only: the last look says for whom, and asks for another.

    Who has this service's appointment already comes for somebody else.
    """
    known = people.known(chat)
    if len(known) != 1 or known[0].is_in_doubt:
        return PersonDraft()
    has_it = appointments.of_person(chat, person_id=known[0].person_id, service_id=service_id)
    return PersonDraft() if has_it else PersonDraft(known=known[0].id)
