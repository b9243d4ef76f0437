"""What a chat may do about two appointments of linked papers: read the question, and say which stays."""

from __future__ import annotations

from desk.appointments import chat as appointments
from desk.appointments.rows import AppointmentRow
from desk.conversations.chat import Chat
from desk.linked_papers import choosing, standing_questions
from desk.linked_papers.rows import WhichStays


def which_stays(chat: Chat, choice_id: int) -> WhichStays | None:
    """The question, with those of the two that are this chat's; None where neither is."""
    found = choosing.choice(chat.session, choice_id=choice_id)
    if found is None:
        return None
    earlier = appointments.own(chat, found.earlier_id)
    later = appointments.own(chat, found.later_id)
    if earlier is None and later is None:
        return None
    mine: tuple[AppointmentRow, ...] = tuple(each for each in (earlier, later) if each is not None)
    return WhichStays(
        id=found.id,
        state=found.state,
        is_open=found.is_open,
        until=found.until,
        earlier_id=found.earlier_id,
        later_id=found.later_id,
        mine=mine,
    )


def standing_question(chat: Chat, question: WhichStays, *, appointment_id: int) -> str | None:
    """The messenger's number of the question about this one of the two; None where it does not stand in this chat."""
    return standing_questions.standing(
        chat.session,
        choice_id=question.id,
        appointment_id=appointment_id,
        conversation_id=chat.conversation.id,
    )


def keep(chat: Chat, question: WhichStays, *, appointment_id: int) -> None:
    """Let this one stay and give the other, which is this chat's, back. Raises NotYourChoice, ChoiceOver."""
    choosing.keep(
        chat.writing,
        choice_id=question.id,
        appointment_id=appointment_id,
        actor=chat.actor,
        rest=chat.limits.rest,
        now=chat.now,
    )
