"""What a chat may do about its visits afterwards: read what is asked, and answer it or wave it away."""

from __future__ import annotations

from desk.afterwards import answering
from desk.afterwards.rows import AskedVisit
from desk.afterwards.rules import ASKED_BY, VISITED, Answers, RecordedMoney, is_open
from desk.appointments import chat as appointments
from desk.conversations.chat import Chat
from desk.outbox.quiet import is_quiet


def is_night(chat: Chat) -> bool:
    """Whether nobody is asked at this moment."""
    return is_quiet(chat.now)


def visit(chat: Chat, appointment_id: int) -> AskedVisit | None:
    """A visit of this chat; None for anybody else's, and for what is recorded as no visit any more."""
    found = appointments.own(chat, appointment_id)
    if found is None or found.state not in VISITED:
        return None
    asked_on = answering.asked_on(chat.session, appointment_id=appointment_id)
    waits = asked_on is not None and is_open(asked_on, today=chat.today.date)
    return AskedVisit(
        found, is_open=waits, is_late=not waits and not is_open(found.day + ASKED_BY, today=chat.today.date)
    )


def closing(chat: Chat, asked: AskedVisit) -> RecordedMoney | None:
    """What the clerk recorded of the money; None = nothing."""
    return answering.closing_of(chat.session, appointment_id=asked.appointment.id)


def answer(chat: Chat, asked: AskedVisit, answers: Answers) -> None:
    """Count these answers; empty ones wave the question away. Raises `QuestionOver`."""
    answering.answer(chat.writing, appointment_id=asked.appointment.id, answers=answers, actor=chat.actor, now=chat.now)
