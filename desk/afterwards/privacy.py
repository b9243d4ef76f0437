"""What questions after visits hold of people: which chat was asked about which visit; the answers name nobody."""

from __future__ import annotations

from sqlalchemy import bindparam, delete, or_, select

from desk.afterwards.asking import questions
from desk.appointments.booking import appointments
from desk.parts import Fate, Leaving, Privacy
from desk.storage.base import WriteSession

# A visit that went over to another chat after it was asked about is that one's.
_OF_ITS_VISITS = select(appointments.c.id).where(appointments.c.conversation_id == bindparam("chat"))
_TAKE_AWAY = delete(questions).where(
    or_(questions.c.conversation_id == bindparam("chat"), questions.c.appointment_id.in_(_OF_ITS_VISITS))
)


def _erase(session: WriteSession, leaving: Leaving) -> None:
    """Take the questions of the chat away, answered or not; what it said before is a count already."""
    session.connection().execute(_TAKE_AWAY, {"chat": leaving.conversation_id})


PRIVACY = Privacy(
    columns={
        "after_questions.conversation_id": Fate.DELETED,
        "after_questions.appointment_id": Fate.DELETED,
        "after_questions.asked_on": Fate.DELETED,
    },
    erase=_erase,
)
